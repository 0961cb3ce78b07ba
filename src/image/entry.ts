import type { Digest } from "../core/index.ts";

/** One entry of a layer's tar. Bytes of names that are not UTF-8 stand as U+DC80 to U+DCFF, so no two names fall together. */
export interface FileEntry {
  /** From the root: no leading slash, no "." or "..", no whiteout prefix; "" is the root itself. */
  readonly path: string;
  readonly type: "file" | "directory" | "symlink" | "hardlink" | "device" | "fifo" | "whiteout" | "opaque";
  /** Bytes of the file's contents; 0 for all but files. */
  readonly size: number;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970, with fractions. */
  readonly mtime: number;
  /** Where a symbolic link points, as written; the path of the file a hard link names. */
  readonly link?: string;
  /** SHA-256 of the contents; of a sparse file, of what is stored of them. */
  readonly digest?: Digest;
  /** Extended attributes, their bytes as latin1. */
  readonly xattrs?: Readonly<Record<string, string>>;
  readonly device?: readonly [major: number, minor: number];
  /** Its blocks in the tar, with the extended headers before it: rewriters copy them as they are. */
  readonly raw: readonly [start: number, end: number];
  /** Its share of the layer as stored, in bytes. */
  readonly storedBytes: number;
}
