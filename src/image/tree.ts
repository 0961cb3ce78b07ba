import type { FileEntry } from "./entry.ts";

/** What a container sees: the layers laid over each other. */
export interface FileTree {
  /** By path without a leading slash; symbolic links are not followed. */
  get(path: string): LiveFile | undefined;
  /** A directory before what is in it, and that by name (code units). */
  all(): Iterable<LiveFile>;
  /** What is directly in a directory, sorted; "" is the root. */
  children(path: string): Iterable<LiveFile>;
  /** The file a path leads to, symbolic links followed inside the root; undefined when it leads nowhere. */
  resolve(path: string): LiveFile | undefined;
  readonly size: number;
}

/** A name in the merged tree. */
export interface LiveFile {
  /** Where it is, after symbolic links in its parents were followed. */
  readonly path: string;
  /** As the layer has it; of a hard link, the entry of the file itself. */
  readonly entry: FileEntry;
  /** Which layer it comes from, base first, from 0. */
  readonly layer: number;
  /** Names of the same file, itself among them; 1 unless hard links are there. */
  readonly names: number;
}
