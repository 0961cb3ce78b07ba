import { closeSync, type Dirent, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import type { ContextFile } from "../core/index.ts";

export interface WalkLimits {
  readonly entries: number;
  readonly depth: number;
  /** Milliseconds. */
  readonly time: number;
}

export const defaultWalkLimits: WalkLimits = { entries: 200_000, depth: 128, time: 5_000 };
/** How many files below a directory that is left out are counted before it is only named. */
const maximumCounted = 20_000;

/** What a walk asks about paths: see `IgnoreMatcher`. */
export interface WalkFilter {
  ignored(path: string): boolean;
  mayContribute(directory: string): boolean;
}

/**
 * Every file below a directory, links not followed, said ignored or not. A directory that cannot contribute is not entered:
 * one entry stands for it, with what a bounded count finds below.
 */
export function walkContext(
  root: string,
  filter: WalkFilter,
  limits: WalkLimits = defaultWalkLimits,
): { files: ContextFile[]; complete: boolean } {
  const files: ContextFile[] = [];
  const deadline = Date.now() + limits.time;
  let complete = true;
  const queue: { path: string; depth: number }[] = [{ path: "", depth: 0 }];
  for (let current = queue.pop(); current; current = queue.pop()) {
    if (files.length > limits.entries || Date.now() > deadline) return { files: sorted(files), complete: false };
    const entries = list(join(root, current.path));
    if (!entries) {
      complete = false;
      continue;
    }
    for (const entry of entries) {
      const path = current.path === "" ? entry.name : `${current.path}/${entry.name}`;
      if (!entry.isDirectory()) {
        files.push(describe(root, path, entry, filter.ignored(path)));
        continue;
      }
      if (!filter.mayContribute(path))
        files.push({ path, type: "directory", mode: 0o755, ignored: true, ...count(join(root, path)) });
      else if (current.depth >= limits.depth) complete = false;
      else queue.push({ path, depth: current.depth + 1 });
    }
  }
  return { files: sorted(files), complete };
}

function sorted(files: ContextFile[]): ContextFile[] {
  return files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function list(directory: string): Dirent[] | undefined {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return undefined;
  }
}

function describe(root: string, path: string, entry: Dirent, ignored: boolean): ContextFile {
  const type = entry.isFile() ? "file" : entry.isSymbolicLink() ? "symlink" : "other";
  try {
    const stats = lstatSync(join(root, path));
    return { path, type, size: type === "file" ? stats.size : 0, mode: stats.mode & 0o7777, ignored };
  } catch {
    return { path, type, size: 0, mode: 0, ignored };
  }
}

/** Files and bytes below a directory, up to a bound; 0 bytes and no count beyond it. */
function count(directory: string): { size: number; below?: number } {
  let size = 0;
  let below = 0;
  const queue = [directory];
  for (let current = queue.pop(); current !== undefined; current = queue.pop()) {
    for (const entry of list(current) ?? []) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) queue.push(path);
      else if (++below > maximumCounted) return { size: 0 };
      else if (entry.isFile()) size += sizeOf(path);
    }
  }
  return { size, below };
}

function sizeOf(path: string): number {
  try {
    return lstatSync(path).size;
  } catch {
    return 0;
  }
}

/** A small text file, read without following a link; undefined when absent, over `limit` bytes, binary or not UTF-8. */
export function readSmallText(path: string, limit: number): string | undefined {
  let descriptor: number | undefined;
  try {
    if (!lstatSync(path).isFile()) return undefined;
    descriptor = openSync(path, "r");
    const { size } = fstatSync(descriptor);
    if (size > limit) return undefined;
    const bytes = new Uint8Array(size);
    const read = readSync(descriptor, bytes, 0, size, 0);
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, read));
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
