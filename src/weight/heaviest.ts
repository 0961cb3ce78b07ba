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

/** The heaviest files, and directories with all below them; a directory that is little more than one of its own is left out. */
export function heaviest(tree: FileTree, count: number): { files: readonly Heavy[]; directories: readonly Heavy[] } {
  const files: Heavy[] = [];
  const below = new Map<string, { unpacked: number; stored: number; files: number; largestChild: number }>();
  const counted = new Set<FileEntry>();
  for (const { path, entry, layer } of tree.all()) {
    if (entry.type !== "file" || counted.has(entry)) continue;
    counted.add(entry);
    files.push({ path, bytes: { unpacked: entry.size, stored: entry.storedBytes }, files: 1, layer });
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const directory = path.slice(0, at);
      const sum = below.get(directory) ?? { unpacked: 0, stored: 0, files: 0, largestChild: 0 };
      sum.unpacked += entry.size;
      sum.stored += entry.storedBytes;
      sum.files++;
      below.set(directory, sum);
    }
  }
  for (const [path, { unpacked }] of below) {
    const parent = below.get(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
    if (parent) parent.largestChild = Math.max(parent.largestChild, unpacked);
  }
  const directories = [...below]
    .filter(([, { unpacked, largestChild }]) => largestChild < 0.75 * unpacked)
    .map(
      ([path, { unpacked, stored, files: number }]): Heavy => ({ path, bytes: { unpacked, stored }, files: number }),
    );
  return { files: top(files, count), directories: top(directories, count) };
}

function top(all: Heavy[], count: number): readonly Heavy[] {
  return all
    .sort((a, b) => b.bytes.unpacked - a.bytes.unpacked || (a.path < b.path ? -1 : 1))
    .slice(0, count)
    .filter(({ bytes }) => bytes.unpacked > 0);
}
