/** What a new layer's tar is put together from: blocks of other layers' tars, copied as they are wherever that is possible. */
export type Piece =
  /** Bytes of an unpacked layer (`layer` counts from 0, base first): whole entries, headers and contents. */
  | { readonly kind: "raw"; readonly layer: number; readonly start: number; readonly end: number }
  /** One entry whose header says something else than it did. */
  | {
      readonly kind: "changed";
      readonly layer: number;
      readonly raw: readonly [start: number, end: number];
      readonly change: HeaderChange;
    }
  /** An empty file that hides what lies below (OCI image specification, "Whiteouts"): "a/.wh.b", "a/.wh..wh..opq". */
  | { readonly kind: "mark"; readonly path: string };

/** What an entry's header is to say; all else stays as it is, byte for byte. */
export interface HeaderChange {
  /** Without a leading slash, and for a directory without one at its end. */
  readonly path?: string;
  /** The entry becomes a hard link to this path, and loses its contents. */
  readonly link?: string;
  /** Whole seconds since 1970. */
  readonly mtime?: number;
}
