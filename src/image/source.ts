import type { ImageBlobs } from "./image.ts";
import type { Choice } from "./layout.ts";
import type { Limits } from "./limits.ts";

/** What sources need of the world around them. */
export interface SourceJob {
  readonly limits: Limits;
  /** DOCKER_HOST, DOCKER_CONFIG, HOME and the like. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Bytes received so far of something that takes its time. */
  readonly progress?: (what: string, bytes: number) => void;
  readonly registries?: RegistryOptions;
}

export interface RegistryOptions {
  /** Hosts, with their ports, that may be spoken to without TLS. This machine always may. */
  readonly insecure?: readonly string[];
  /** Hosts to ask before a registry itself: `{ "docker.io": ["mirror.example.com"] }`. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>;
}

/** A kind of place that images are kept in. */
export interface ImageSource {
  /** "archive" in `archive:app.tar`. */
  readonly scheme: string;
  readonly summary: string;
  /** Why the place cannot hold the target, in a few words; undefined when it may. It looks as little as it can, and never rejects. */
  misses(target: string, job: SourceJob): Promise<string | undefined>;
  /** Opens the image. Throws `image.not-found` when it is not there. */
  open(target: string, choice: Choice, job: SourceJob): Promise<ImageBlobs>;
}
