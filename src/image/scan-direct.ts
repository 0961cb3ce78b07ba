import { createHash } from "node:crypto";
import type { Digest, Gap, RandomAccess } from "../core/index.ts";
import type { FileEntry } from "./entry.ts";
import type { DirectLayer, Layer } from "./image.ts";
import type { Keeper } from "./keeper.ts";
import type { Limits } from "./limits.ts";
import type { LayerScan } from "./scan.ts";
import { KeptFiles } from "./wanted.ts";

/**
 * Lists a layer whose files lie open on this host: what the keepers want is read, and nothing else. Digests of contents are
 * left out; `digestNeeded` adds those that somebody needs. Throws `image.invalid`, `image.limit`.
 */
export async function scanDirect(
  layer: Layer,
  direct: DirectLayer,
  limits: Limits,
  keepers: readonly Keeper[] = [],
  signal?: AbortSignal,
): Promise<LayerScan> {
  const entries: FileEntry[] = [];
  const gaps: Gap[] = [];
  const gap = (reason: string): void => {
    if (gaps.length < 100) gaps.push({ subject: `layer ${layer.diffId.slice(0, 19)}`, reason });
  };
  const kept = new KeptFiles(keepers, limits, gap);
  for await (const entry of direct.entries()) {
    signal?.throwIfAborted();
    entries.push(entry);
    if (entry.type !== "file") continue;
    const wanting = kept.wanting(entry.path, entry.size, entry.mode);
    if (wanting.length === 0) continue;
    const file = direct.open(entry.path);
    if (file) kept.keep(entry.path, wanting, file);
    else gap(`${entry.path} cannot be read`);
  }
  return {
    diffId: layer.diffId,
    entries,
    tarBytes: direct.tarBytes,
    storedBytes: direct.tarBytes,
    kept: kept.kept,
    keepers: keepers.map(({ id }) => id),
    gaps: [...direct.gaps, ...gaps],
    digested: false,
  };
}

/** Below this, two files of one size are not looked at as the same contents under two names. */
const leastAlike = 4096;

/**
 * What digests are for: to lay layers over each other rightly ("merge": of files that are in several layers under one path and
 * with one size, and of those that may have been moved), also to find files that are alike ("alike": of larger ones that some
 * other has the size of), or to know every file ("all").
 */
export type DigestNeed = "merge" | "alike" | "all";

/** Adds the digests that are needed and not there yet. */
export function digestNeeded(
  scans: readonly LayerScan[],
  layers: readonly Layer[],
  need: DigestNeed,
  signal?: AbortSignal,
): readonly LayerScan[] {
  if (scans.every(({ digested }) => digested)) return scans;
  const all = need === "all";
  const seen = new Map<string | number, number>();
  const count = (key: string | number): void => void seen.set(key, (seen.get(key) ?? 0) + 1);
  /** Sizes of files that may be the same as others: of any, or of those in layers that take something away. */
  const mayBeAlike = new Set<number>();
  for (const { entries } of scans) {
    const counts = need === "alike" || entries.some(({ type }) => type === "whiteout" || type === "opaque");
    for (const { type, size, path } of entries) {
      if (type !== "file") continue;
      count(`${size} ${path}`);
      if (size < leastAlike) continue;
      count(size);
      if (counts) mayBeAlike.add(size);
    }
  }
  const needed = ({ type, size, path }: FileEntry): boolean =>
    type === "file" &&
    (all || (seen.get(`${size} ${path}`) ?? 0) > 1 || (mayBeAlike.has(size) && (seen.get(size) ?? 0) > 1));
  return scans.map((scan, index) => {
    const direct = layers[index]?.direct;
    if (scan.digested || !direct) return scan;
    let added = 0;
    const entries = scan.entries.map((entry) => {
      if (entry.digest !== undefined || !needed(entry)) return entry;
      added++;
      signal?.throwIfAborted();
      const file = direct.open(entry.path);
      return file ? { ...entry, digest: digestFile(file) } : entry;
    });
    if (added === 0 && !all) return scan;
    const { stamp: _stamp, ...rest } = scan;
    return { ...rest, entries, digested: all };
  });
}

function digestFile(file: RandomAccess): Digest {
  const hash = createHash("sha256");
  for (let at = 0; at < file.size; ) {
    const part = file.read(at, 1 << 20);
    if (part.length === 0) break;
    hash.update(part);
    at += part.length;
  }
  return `sha256:${hash.digest("hex")}`;
}
