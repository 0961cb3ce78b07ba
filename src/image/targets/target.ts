import type { Digest } from "../../core/index.ts";
import type { SourceJob } from "../source.ts";

/** A blob of a manifest: a layer as it is stored. */
export interface OutputBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** An image that is to be written: documents as they are, layers base first. */
export interface OutputImage {
  readonly manifest: Uint8Array;
  readonly config: Uint8Array;
  readonly layers: readonly OutputBlob[];
}

/** An image that lies written, but not yet where it is to go. */
export interface StagedImage {
  /** What `findImage` opens it by: it can be looked at before anybody else sees it. */
  readonly reopen: string;
  /** Puts it where it is to go; gives the name it has there. Throws `output.unwritable`, and for a registry what its client throws. */
  commit(): Promise<string>;
  /** Deletes what was written; after `commit`, what is left of it. */
  discard(): Promise<void>;
}

/** A kind of place that images can be written to. */
export interface ImageTarget {
  /** "archive" in `archive:app.tar`. */
  readonly scheme: string;
  readonly summary: string;
  /** Writes all of the image, beside its place. Throws `output.unwritable`, `usage.unknown-option`. */
  stage(target: string, image: OutputImage, job: SourceJob): Promise<StagedImage>;
}

export const manifestType = "application/vnd.oci.image.manifest.v1+json";
export const configType = "application/vnd.oci.image.config.v1+json";
