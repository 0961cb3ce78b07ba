import type { ImageBlobs } from "./image.ts";
import type { Choice } from "./layout.ts";
import type { Limits } from "./limits.ts";

/** What sources need of the world around them. */
export interface SourceJob {
  readonly limits: Limits;
  /** DOCKER_HOST and the like. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Bytes received so far of something that takes its time. */
  readonly progress?: (what: string, bytes: number) => void;
}

/** A kind of place that images are kept in. */
export interface ImageSource {
  /** "archive" in `archive:app.tar`. */
  readonly scheme: string;
  readonly summary: string;
  /** Whether the place may hold the target: cheap, and never an error. */
  has(target: string, job: SourceJob): Promise<boolean>;
  /** Opens the image. Throws `image.not-found` when it is not there. */
  open(target: string, choice: Choice, job: SourceJob): Promise<ImageBlobs>;
}
