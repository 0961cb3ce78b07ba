import type { Digest, Gap, RandomAccess } from "../core/index.ts";
import type { FileEntry } from "./entry.ts";
import type { Platform } from "./platform.ts";

/**
 * A layer whose files lie open on this host, as an engine keeps them: listed without reading their contents. Its tar is not
 * hashed on this way, so that it is the layer of its diff id is the engine's word.
 */
export interface DirectLayer {
  /**
   * The entries in the order of the tar, many at a time, without digests; `raw` are the offsets they have in it, and `storedBytes` is what
   * they take of it. Throws `image.invalid`, `image.limit`.
   */
  entries(): AsyncIterable<readonly FileEntry[]>;
  /** The contents of a file that `entries` gave; undefined when they cannot be had. Links are not followed out of the layer. */
  open(path: string): RandomAccess | undefined;
  /** Bytes of the tar; known when `entries` has come to its end, 0 before. */
  readonly tarBytes: number;
  /** What `entries` left out, and why. */
  readonly gaps: readonly Gap[];
  /** Closes what `open` has opened. */
  close(): void;
}

/** A layer as it is stored, before anything of it was read. */
export interface StoredLayer {
  readonly mediaType: string;
  /** Of the bytes as stored; archives of older engines know none. */
  readonly digest?: Digest;
  /** Bytes as stored. */
  readonly size?: number;
  /** Why the contents cannot be had (a foreign layer, a blob that an archive leaves out). */
  readonly absent?: string;
  /** There when the files can be had without reading the tar, and who says that they are those of the diff id. */
  readonly direct?: DirectLayer;
  readonly vouchedBy?: "engine";
}

/** The least that a place images are kept in must give. What it gives is not yet verified. */
export interface ImageBlobs {
  readonly reference: string;
  readonly config: Uint8Array;
  /** Of the manifest; without one, of the configuration. */
  readonly digest: Digest;
  readonly layers: readonly StoredLayer[];
  /** Attestation manifests beside the image in its index. */
  readonly attestations: number;
  /** What the builder says of how it built the image: an in-toto statement as JSON, unverified. Never rejects. */
  readonly provenance?: () => Promise<Uint8Array | undefined>;
  readonly annotations: Readonly<Record<string, string>>;
  /** What the source knows to be missing, layers that are `absent` excepted. */
  readonly gaps?: readonly Gap[];
  /** A layer's bytes as stored. */
  readLayer(index: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

export interface HistoryEntry {
  readonly createdBy: string;
  readonly emptyLayer: boolean;
}

export interface ImageConfig {
  readonly user: string;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workdir: string;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly hasHealthcheck: boolean;
  readonly created?: string;
  readonly history: readonly HistoryEntry[];
}

export interface Layer extends StoredLayer {
  /** Of the unpacked tar. */
  readonly diffId: Digest;
  /** Its bytes as stored; rejects when the contents cannot be had. */
  read(): AsyncIterable<Uint8Array>;
}

export interface Image {
  readonly reference: string;
  readonly platform: Platform;
  readonly digest: Digest;
  readonly config: ImageConfig;
  /** The configuration as it is stored. */
  readonly configBytes: Uint8Array;
  /** Base first. */
  readonly layers: readonly Layer[];
  readonly attestations: number;
  /** What the builder says of how it built the image: an in-toto statement as JSON, unverified. Never rejects. */
  readonly provenance?: () => Promise<Uint8Array | undefined>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly gaps: readonly Gap[];
  close(): Promise<void>;
}
