/** How much of a hostile image is read before it is refused. */
export interface Limits {
  /** Bytes of a manifest, an index or a configuration. */
  readonly documentBytes: number;
  readonly manifests: number;
  readonly layers: number;
  /** Entries of one layer. */
  readonly entries: number;
  /** Unpacked bytes of one layer. */
  readonly layerBytes: number;
  /** Unpacked to stored bytes of a layer, held from the first `freeBytes` on. */
  readonly inflateRatio: number;
  readonly freeBytes: number;
  /** Directories in a path. */
  readonly depth: number;
  /** Bytes of extended headers (PAX, GNU long names) of one entry. */
  readonly headerBytes: number;
  /** Bytes of one file whose contents are kept, and of all that is kept of a layer. */
  readonly keptFileBytes: number;
  readonly keptBytes: number;
}

export const defaultLimits: Limits = {
  documentBytes: 8 << 20,
  manifests: 1000,
  layers: 1000,
  entries: 4_000_000,
  layerBytes: 64 * 2 ** 30,
  inflateRatio: 200,
  freeBytes: 2 ** 30,
  depth: 512,
  headerBytes: 1 << 20,
  keptFileBytes: 64 << 20,
  keptBytes: 512 << 20,
};
