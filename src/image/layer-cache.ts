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
  put(layer: Layer, scan: LayerScan): void;
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
}

const suffix = ".scan";

export function openLayerCache({ directory, maximumBytes, now }: CacheOptions): LayerCache {
  const fileOf = (layer: Layer): string => join(directory, `${nameOf(layer)}${suffix}`);
  return {
    get(layer, keepers) {
      const path = fileOf(layer);
      try {
        const scan = decodeScan(
          readFileSync(path),
          keepers.map(({ id }) => id),
        );
        if (scan?.diffId !== layer.diffId) return undefined;
        const time = now() / 1000;
        utimesSync(path, time, time);
        return scan;
      } catch {
        return undefined;
      }
    },
    put(layer, scan) {
      // A layer that could not be read whole may be readable next time.
      if (scan.gaps.length > 0) return;
      const path = fileOf(layer);
      const temporary = `${path}.${process.pid}.${Math.floor(now())}`;
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        const bytes = encodeScan(scan);
        if (bytes.length > maximumBytes / 2) return;
        writeFileSync(temporary, bytes, { mode: 0o600, flag: "wx" });
        renameSync(temporary, path);
        trim(directory, maximumBytes);
      } catch {
        // A cache that cannot be written costs time, nothing else.
        rmSync(temporary, { force: true });
      }
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
    if (!name.includes(suffix)) return [];
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
  return { layers: files.length, bytes: files.reduce((total, { bytes }) => total + bytes, 0) };
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
