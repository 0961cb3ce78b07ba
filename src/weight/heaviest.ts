import type { FileEntry, FileTree } from "../image/index.ts";
import type { Bytes } from "./report.ts";

export interface Heavy {
  readonly path: string;
  readonly bytes: Bytes;
  /** Files below; 1 for a file. */
  readonly files: number;
  /** The layer of a file, from 0. */
  readonly layer?: number;
}

interface Sum {
  unpacked: number;
  stored: number;
  files: number;
  largestChild: number;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function add(sums: Map<string, Sum>, path: string, unpacked: number, stored: number, files: number): void {
  const sum = sums.get(path);
  if (sum) {
    sum.unpacked += unpacked;
    sum.stored += stored;
    sum.files += files;
  } else sums.set(path, { unpacked, stored, files, largestChild: 0 });
}

/** The heaviest files, and directories with all below them; a directory that is little more than one of its own is left out. */
export function heaviest(tree: FileTree, count: number): { files: readonly Heavy[]; directories: readonly Heavy[] } {
  const files: Heavy[] = [];
  const own = new Map<string, Sum>();
  const counted = new Set<FileEntry>();
  for (const { path, entry, layer, names } of tree.all()) {
    if (entry.type !== "file" || (names > 1 && counted.has(entry))) continue;
    if (names > 1) counted.add(entry);
    files.push({ path, bytes: { unpacked: entry.size, stored: entry.storedBytes }, files: 1, layer });
    add(own, parentOf(path), entry.size, entry.storedBytes, 1);
  }
  // Each directory's own files, and then those of the directories below it.
  const below = new Map<string, Sum>();
  for (const [directory, { unpacked, stored, files: number }] of own)
    for (let at = directory; at !== ""; at = parentOf(at)) add(below, at, unpacked, stored, number);
  for (const [path, { unpacked }] of below) {
    const parent = below.get(parentOf(path));
    if (parent) parent.largestChild = Math.max(parent.largestChild, unpacked);
  }
  const directories = [...below]
    .filter(([, { unpacked, largestChild }]) => largestChild < 0.75 * unpacked)
    .map(
      ([path, { unpacked, stored, files: number }]): Heavy => ({ path, bytes: { unpacked, stored }, files: number }),
    );
  return { files: top(files, count), directories: top(directories, count) };
}

/** The first few of a sorted list, without sorting all of it. */
function top(all: readonly Heavy[], count: number): readonly Heavy[] {
  const first: Heavy[] = [];
  for (const one of all) {
    const last = first.length < count ? undefined : first.at(-1);
    if (one.bytes.unpacked === 0 || (last && byWeight(one, last) >= 0)) continue;
    first.push(one);
    first.sort(byWeight);
    first.length = Math.min(first.length, count);
  }
  return first;
}

function byWeight(a: Heavy, b: Heavy): number {
  return b.bytes.unpacked - a.bytes.unpacked || (a.path < b.path ? -1 : 1);
}
