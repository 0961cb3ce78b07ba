import type { FileView, RandomAccess } from "../core/index.ts";
import type { Package } from "./package.ts";

/** Says that a file holds packages that could not be read; the reason goes after "it could not be read: ". Once a file is enough. */
export type TellUnreadable = (path: string, reason: string) => void;

/** Reads one package database, lock file or kind of binary. */
export interface Cataloger {
  /** The file's name; permanent. */
  readonly id: string;
  readonly summary: string;
  /** "installed": what is really there, for images and directories. "declared": lock files, only when the target is a source directory. */
  readonly evidence: "installed" | "declared";
  /** Decided before the contents are seen, so that one walk serves all. `mode` has the permission bits, `size` is in bytes. */
  wants(path: string, file: { readonly size: number; readonly mode: number }): boolean;
  /** Whether it wants files by where they lie, whatever they are called: then no extension is passed over (see `neverCataloged`). */
  readonly anyName?: true;
  /**
   * What is kept of a file in place of its bytes, for files too large to keep (binaries, jars, rpm databases): the answer is
   * cached with the layer, and is what `catalog` then reads. `undefined` drops the file. Without it files are kept whole.
   */
  condense?(path: string, file: RandomAccess): Uint8Array | undefined;
  /**
   * The packages that the wanted files tell of. Hostile files yield fewer packages, never an exception or a hang: a database, lock
   * file or manifest that is damaged is told to `unreadable`. One that is merely empty is not damaged where its writer leaves it so.
   */
  catalog(files: FileView, unreadable: TellUnreadable): Iterable<Package>;
  /** Run as a directory and as a layered image: tests and documentation at once. */
  readonly examples: readonly CatalogerExample[];
}

export interface CatalogerExample {
  readonly title: string;
  /** Path → text, or base64 bytes of a small binary. */
  readonly files: Readonly<Record<string, string | { readonly base64: string }>>;
  /** What must be found, sorted. */
  readonly purls: readonly string[];
  /** The files that must be told to be unreadable, sorted; none unless said. */
  readonly unreadable?: readonly string[];
}
