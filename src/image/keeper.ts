import type { RandomAccess } from "../core/index.ts";

/** Somebody who reads contents of files: a cataloger, a rule. Its answer is kept with the layer in place of the file. */
export interface Keeper {
  /** Names the kept contents; changes when what `condense` gives changes. */
  readonly id: string;
  /** Decided before the contents are seen. `size` is in bytes, `mode` holds the permission bits. */
  wants(path: string, file: { readonly size: number; readonly mode: number }): boolean;
  /**
   * Extensions of file names, without the dot, that it wants nothing of. Keepers that share one set are asked as one, which counts
   * where there are dozens of them and most of an image is source code.
   */
  readonly never?: ReadonlySet<string>;
  /** What is kept of a file; nothing when undefined. Without it the file is kept whole. */
  condense?(path: string, file: RandomAccess): Uint8Array | undefined;
}

/** What was kept of one file of one layer. */
export interface Kept {
  readonly keeper: string;
  readonly path: string;
  readonly bytes: Uint8Array;
}
