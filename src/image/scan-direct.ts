import { createHash } from "node:crypto";
import type { Digest, RandomAccess } from "../core/index.ts";
import type { FileEntry } from "./entry.ts";
import type { DirectLayer, Layer } from "./image.ts";
import { layerGaps } from "./layer-gaps.ts";
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
  progress?: (bytes: number) => void,
): Promise<LayerScan> {
  const entries: FileEntry[] = [];
  const { gaps, gap } = layerGaps(layer);
  const kept = new KeptFiles(keepers, limits, gap);
  let bytes = 0;
  progress?.(bytes);
  for await (const some of direct.entries()) {
    signal?.throwIfAborted();
    progress?.(bytes);
    for (const entry of some) {
      entries.push(entry);
      bytes += entry.size;
      if (entry.type !== "file") continue;
      const wanting = kept.wanting(entry.path, entry.size, entry.mode);
      if (wanting.length === 0) continue;
      const file = direct.open(entry.path);
      if (file) kept.keep(entry.path, wanting, file);
      else gap(`${entry.path} cannot be read`);
    }
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
  const needed = need === "all" ? isFile : neededFiles(scans, need);
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
    if (added === 0 && need !== "all") return scan;
    const { stamp: _stamp, ...rest } = scan;
    return { ...rest, entries, digested: need === "all" };
  });
}

function isFile({ type }: FileEntry): boolean {
  return type === "file";
}

function neededFiles(scans: readonly LayerScan[], need: Exclude<DigestNeed, "all">): (entry: FileEntry) => boolean {
  const again = pathsAgain(scans);
  const mayBeAlike = need === "alike" ? sizesAgain(scans) : sizesMoved(scans);
  return (entry) => entry.type === "file" && (again(entry) || mayBeAlike.has(entry.size));
}

/** Whether a file's path is there more than once with its size. */
function pathsAgain(scans: readonly LayerScan[]): (entry: FileEntry) => boolean {
  const paths = new Set<string>();
  const again = new Set<string>();
  for (const { entries } of scans)
    for (const { type, path } of entries) {
      if (type !== "file") continue;
      if (paths.has(path)) again.add(path);
      else paths.add(path);
    }
  // Few paths are there more than once: only of these is it asked whether the sizes are the same.
  const bySize = new Map<string, number>();
  const keyOf = ({ size, path }: FileEntry): string => `${size} ${path}`;
  for (const { entries } of scans)
    for (const entry of entries)
      if (entry.type === "file" && again.has(entry.path)) bySize.set(keyOf(entry), (bySize.get(keyOf(entry)) ?? 0) + 1);
  return (entry) => again.has(entry.path) && (bySize.get(keyOf(entry)) ?? 0) > 1;
}

/** Sizes that more than one larger file has. */
function sizesAgain(scans: readonly LayerScan[]): ReadonlySet<number> {
  const seen = new Set<number>();
  const again = new Set<number>();
  for (const { entries } of scans)
    for (const { type, size } of entries) {
      if (type !== "file" || size < leastAlike) continue;
      if (seen.has(size)) again.add(size);
      else seen.add(size);
    }
  return again;
}

/** Sizes of larger files that a layer takes away by their paths while it brings others of the same size. */
function sizesMoved(scans: readonly LayerScan[]): ReadonlySet<number> {
  const moved = new Set<number>();
  scans.forEach(({ entries }, layer) => {
    const taken = new Set(
      entries.flatMap(({ type, path }) => (type === "whiteout" || type === "opaque" ? [path] : [])),
    );
    if (taken.size === 0) return;
    const brought = new Set(entries.flatMap(({ type, size }) => (type === "file" && size >= leastAlike ? [size] : [])));
    for (const { entries: below } of scans.slice(0, layer))
      for (const { type, size, path } of below)
        if (type === "file" && brought.has(size) && !moved.has(size) && isAtOrBelow(path, taken)) moved.add(size);
  });
  return moved;
}

function isAtOrBelow(path: string, places: ReadonlySet<string>): boolean {
  if (places.has(path) || places.has("")) return true;
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
    if (places.has(path.slice(0, at))) return true;
  return false;
}

function digestFile(file: RandomAccess): Digest {
  const hash = createHash("sha256");
  for (let at = 0; at < file.size; ) {
    const part = file.read(at, 1 << 16);
    if (part.length === 0) break;
    hash.update(part);
    at += part.length;
  }
  return `sha256:${hash.digest("hex")}`;
}
