import type { Digest, Location } from "../core/index.ts";

/** Bytes, unpacked (of file contents) and as stored (its share of the compressed layers). */
export interface Bytes {
  readonly unpacked: number;
  readonly stored: number;
}

/**
 * Where the bytes of an image are. The books balance: `total` is the sum of the layers' contents, and total − visible is the
 * sum of `waste`, unpacked and stored. Whiteouts, further names of a file and a tar's own frame are in neither.
 */
export interface WeightReport {
  /** All files, directories and links of all layers. */
  readonly total: Bytes;
  /** What a container sees of them, a file with several names counted once. */
  readonly visible: Bytes;
  readonly layers: readonly LayerWeight[];
  readonly waste: readonly Waste[];
  /** Layers of the base image, from the first on; 0 when no base is known. */
  readonly baseLayers: number;
}

export interface LayerWeight {
  readonly diffId: Digest;
  /** Contents of its regular files. */
  readonly bytes: Bytes;
  /** The whole tar; the layer as stored. */
  readonly tarBytes: number;
  readonly storedBytes: number;
  readonly entries: number;
  readonly files: number;
  readonly origin: Origin;
}

/** Which instruction brought a layer, and how sure that is. */
export type Origin =
  | {
      readonly kind: "instruction";
      readonly at: Location;
      /** From 1. */
      readonly line: number;
      readonly text: string;
      readonly certainty: "exact" | "aligned" | "index";
    }
  | { readonly kind: "base"; readonly reference?: string; readonly createdBy?: string }
  | { readonly kind: "unknown"; readonly createdBy?: string };

/** Bytes that no container can see. */
export interface Waste {
  readonly cause: "deleted" | "hidden" | "overwritten" | "metadata" | "replaced" | "moved";
  readonly bytes: Bytes;
  /** The layers that brought the bytes and that hid them, from 0. */
  readonly layer: number;
  readonly by: number;
  readonly files: number;
  /** The largest paths, a few. */
  readonly paths: readonly { readonly path: string; readonly bytes: Bytes }[];
}
