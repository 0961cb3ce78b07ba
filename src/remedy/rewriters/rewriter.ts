import type { FileEntry, LayerScan, Merged, Piece } from "../../image/index.ts";

/** An image that is to be rewritten: what was read of it, and what is wished. */
export interface RewriteSubject {
  /** Base first, with the digests of all files. */
  readonly scans: readonly Pick<LayerScan, "entries">[];
  readonly merged: Merged;
  /** Layers that are the base's: they stay as they are, byte for byte. */
  readonly baseLayers: number;
  /** Files above the base that are to be left out, with all their names. */
  readonly dropped: ReadonlySet<FileEntry>;
  /** Layers that stay as they are because rewriting them makes them no smaller. */
  readonly frozen: ReadonlySet<number>;
  /** Seconds since 1970: files that are moved to other layers are no younger (SOURCE_DATE_EPOCH). */
  readonly epoch?: number;
}

/** A layer of the new image. */
export interface PlannedLayer {
  /** The layers whose place it takes: what it stands for in the history, and what it must be smaller than. */
  readonly from: readonly number[];
  /** What its tar is put together from, in this order; absent when it is its only `from` as it is. */
  readonly pieces?: readonly Piece[];
  /** What the history says of a layer that no history entry stands for yet. */
  readonly createdBy?: string;
  /** What will be in it: the plan can be laid over each other and compared before a byte is written. */
  readonly entries: readonly FileEntry[];
}

/** A way to lay an image's files out in layers. What a container sees stays the same, dropped files excepted. */
export interface Rewriter {
  readonly id: string;
  readonly summary: string;
  /** Whether new layers are kept only when they are smaller than those they take the place of. */
  readonly onlySmaller: boolean;
  /** The layers of the new image, base first. Pure; linear in the entries. */
  plan(subject: RewriteSubject): readonly PlannedLayer[];
}

/** A whiteout or an opaque mark as an entry, where none is there to be copied. */
export function markEntry(path: string, type: "whiteout" | "opaque"): FileEntry {
  return { path, type, size: 0, mode: 0o644, uid: 0, gid: 0, mtime: 0, raw: [0, 0], storedBytes: 0 };
}

/** The file that a layer hides `path` with (OCI image specification, "Whiteouts"). */
export function markPath({ path, type }: FileEntry): string {
  if (type === "opaque") return path === "" ? ".wh..wh..opq" : `${path}/.wh..wh..opq`;
  const slash = path.lastIndexOf("/") + 1;
  return `${path.slice(0, slash)}.wh.${path.slice(slash)}`;
}

/** The directory a path is in; "" for the root, and for the root itself. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
