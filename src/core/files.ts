import type { SourceText } from "./text.ts";

/** What `docker build` would send: every file under the context, said ignored or not. */
export interface BuildContext {
  /** The ignore file in force: `<Dockerfile>.dockerignore`, else `.dockerignore`. */
  readonly ignoreFile?: SourceText;
  /** Where a new ignore file would be written, relative to the project like every `SourceText.path`. */
  readonly ignorePath: string;
  /** Sorted by path (code units). Files below a directory that is ignored as a whole are summed into one entry for it. */
  readonly files: readonly ContextFile[];
  /** False when a limit stopped the walk: sums are then lower bounds, and absence proves nothing. */
  readonly complete: boolean;
  /** The text of a file that would be sent, by its path in the context; undefined when absent, too large (over 1 MiB) or binary. */
  text(path: string): string | undefined;
  /** The same files as another ignore file would have it (written at `ignorePath`). */
  withIgnoreFile(text: string): BuildContext;
}

export interface ContextFile {
  /** Relative to the context root, forward slashes, no leading slash. */
  readonly path: string;
  readonly type: "file" | "directory" | "symlink" | "other";
  /** Bytes; for a summed directory those of all files below it. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  readonly ignored: boolean;
  /** Files below, when this entry stands for a whole ignored directory that was not entered further. */
  readonly below?: number;
}

/** The bytes of one file, read at random. */
export interface RandomAccess {
  /** Bytes. */
  readonly size: number;
  /** At most `length` bytes from `offset` on; fewer at the end of the file. */
  read(offset: number, length: number): Uint8Array;
}

/** Some files of an image or of a directory, opened on demand; readers cannot tell which of the two it is. */
export interface FileView {
  /** Sorted by code unit; no leading slash. */
  readonly paths: readonly string[];
  open(path: string): RandomAccess | undefined;
}
