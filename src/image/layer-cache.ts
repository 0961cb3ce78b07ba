import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Layer } from "./image.ts";
import type { Keeper } from "./keeper.ts";
import type { LayerScan } from "./scan.ts";
import { decodeScan, encodeScan } from "./scan-format.ts";

/** What was learned of layers, kept on disk so that shared layers are read once. Any number of processes may use it at once. */
export interface LayerCache {
  /** A layer's scan with what these keepers want; undefined when it has to be read. */
  get(layer: Layer, keepers: readonly Keeper[]): LayerScan | undefined;
  /** The scan as it is kept; what was kept for other keepers of the same layer stays beside what it has. */
  put(layer: Layer, scan: LayerScan): LayerScan;
  /**
   * What `remember` was given for a question, as JSON; undefined when it has to be worked out. A question names everything that
   * its answer depends on, this version of Plimsoll excepted.
   */
  answer(question: string): unknown;
  remember(question: string, answer: unknown): void;
  status(): CacheStatus;
  /** Removes everything, or what was not used for so many days; gives what was removed. */
  clear(olderThanDays?: number): CacheStatus;
}

export interface CacheStatus {
  readonly directory: string;
  readonly layers: number;
  readonly bytes: number;
}

export interface CacheOptions {
  readonly directory: string;
  /** Bytes; what was not used for the longest time goes first. */
  readonly maximumBytes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Names the program whose answers are remembered: another version's count for nothing. Without it none are. */
  readonly program?: string;
}

const scanSuffix = ".scan";
const answerSuffix = ".answer";

export function openLayerCache({ directory, maximumBytes, now, program }: CacheOptions): LayerCache {
  const scanFile = (layer: Layer): string => join(directory, `${nameOf(layer)}${scanSuffix}`);
  const answerFile = (question: string): string =>
    join(directory, `${createHash("sha256").update(`${program}\n${question}`).digest("hex")}${answerSuffix}`);
  /** A file that is there is used now. */
  const read = (path: string): Uint8Array => {
    const bytes = readFileSync(path);
    const time = now() / 1000;
    utimesSync(path, time, time);
    return bytes;
  };
  const write = (path: string, bytes: Uint8Array): void => {
    if (bytes.length > maximumBytes / 2) return;
    const temporary = `${path}.${process.pid}.${Math.floor(now())}`;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeFileSync(temporary, bytes, { mode: 0o600, flag: "wx" });
      renameSync(temporary, path);
      trim(directory, maximumBytes);
    } catch {
      // A cache that cannot be written costs time, nothing else.
      rmSync(temporary, { force: true });
    }
  };
  const scanOf = (layer: Layer, keepers: readonly string[]): LayerScan | undefined => {
    try {
      const scan = decodeScan(read(scanFile(layer)), keepers);
      return scan?.diffId === layer.diffId ? scan : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    get: (layer, keepers) =>
      scanOf(
        layer,
        keepers.map(({ id }) => id),
      ),
    put(layer, scan) {
      // A layer that could not be read whole may be readable next time.
      if (scan.gaps.length > 0) return scan;
      const { bytes, stamp } = encodeScan(withOthers(scan, scanOf(layer, [])));
      write(scanFile(layer), bytes);
      return { ...scan, stamp };
    },
    answer(question) {
      if (program === undefined) return undefined;
      try {
        return JSON.parse(Buffer.from(read(answerFile(question))).toString("utf8")) as unknown;
      } catch {
        return undefined;
      }
    },
    remember(question, answer) {
      if (program !== undefined) write(answerFile(question), Buffer.from(JSON.stringify(answer)));
    },
    status: () => ({ directory, ...sum(list(directory)) }),
    clear(olderThanDays) {
      const limit = olderThanDays === undefined ? Number.POSITIVE_INFINITY : now() - olderThanDays * 86_400_000;
      const gone = list(directory).filter(({ used }) => used <= limit);
      for (const { path } of gone) rmSync(path, { force: true });
      return { directory, ...sum(gone) };
    },
  };
}

/** With what an earlier scan of the same layer has for keepers this one did not ask, those excepted of which it has a newer form. */
function withOthers(scan: LayerScan, before: LayerScan | undefined): LayerScan {
  const kinds = new Set(scan.keepers.map(kindOf));
  const others = new Set(before?.keepers.filter((id) => !kinds.has(kindOf(id))));
  if (!before || others.size === 0) return scan;
  return {
    ...scan,
    keepers: [...scan.keepers, ...others],
    kept: [...scan.kept, ...before.kept.filter(({ keeper }) => others.has(keeper))],
  };
}

/** A keeper's id without the number of its form: "catalog/dpkg/2". */
function kindOf(id: string): string {
  return id.replace(/\/\d+$/, "");
}

/** The same tar stored in another way has other shares of stored bytes: both digests name a scan. */
function nameOf({ diffId, digest }: Layer): string {
  return `${diffId.replace(/^sha\d+:/, "")}-${(digest ?? diffId).replace(/^sha\d+:/, "").slice(0, 16)}`;
}

interface CachedFile {
  readonly path: string;
  readonly bytes: number;
  readonly used: number;
}

function list(directory: string): readonly CachedFile[] {
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    if (!name.includes(scanSuffix) && !name.includes(answerSuffix)) return [];
    const path = join(directory, name);
    try {
      const { size, mtimeMs } = statSync(path);
      return [{ path, bytes: size, used: mtimeMs }];
    } catch {
      return [];
    }
  });
}

function sum(files: readonly CachedFile[]): { layers: number; bytes: number } {
  const layers = files.filter(({ path }) => path.endsWith(scanSuffix)).length;
  return { layers, bytes: files.reduce((total, { bytes }) => total + bytes, 0) };
}

function trim(directory: string, maximumBytes: number): void {
  const files = [...list(directory)].sort((a, b) => a.used - b.used);
  let { bytes } = sum(files);
  for (const file of files) {
    if (bytes <= maximumBytes) return;
    rmSync(file.path, { force: true });
    bytes -= file.bytes;
  }
}
