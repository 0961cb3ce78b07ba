import type { RandomAccess } from "../../core/index.ts";
import type { Advisory } from "../advisory.ts";
import type { VersionScheme } from "../scheme.ts";
import type { VulnerabilityFacts } from "../vulnerability-facts.ts";

/** What a feed tells, one by one. */
export type FeedItem =
  | { readonly kind: "advisory"; readonly advisory: Advisory }
  | { readonly kind: "facts"; readonly id: string; readonly facts: VulnerabilityFacts };

/** One publisher's format. Pure: bytes in, items out; fetching is done by others. */
export interface Feed {
  /** The file's name; permanent. */
  readonly id: string;
  readonly summary: string;
  readonly publisher: string;
  /** As the publisher states it. */
  readonly licence: string;
  /** Below which its files are found unless another address is configured. Ends in a slash. */
  readonly address: string;
  /** Where two feeds have the same advisory about the same package, the higher one is believed. */
  readonly rank: number;
  /** The files to fetch for the ecosystems asked for; empty when it has nothing to say about them. */
  files(ecosystems: readonly string[]): readonly FeedFile[];
  /** Whether a file of a folder, by its path below it, is of this feed. */
  reads(path: string): boolean;
  /** The ecosystem that one of its files makes known, without release; undefined for those that only add facts. */
  about(path: string): string | undefined;
  /**
   * Reads one of its files. Hostile contents end in a PlimsollError, within the limits of each feed.
   * @throws PlimsollError feed.invalid, feed.limit
   */
  read(file: RandomAccess, surroundings: FeedSurroundings): Iterable<FeedItem>;
}

export interface FeedFile {
  /** Below the feed's address. */
  readonly remote: string;
  /** Where it is kept, below the folder that a store is built from. */
  readonly path: string;
  /** May be absent at the publisher's: a release that is no more, or not yet. */
  readonly optional?: boolean;
  /** Bytes. */
  readonly limit: number;
}

export interface FeedSurroundings {
  /** The file's own path below the folder. */
  readonly path: string;
  /** Another file of the folder, whole; undefined when it is not there. */
  text(this: void, path: string): string | undefined;
  scheme(this: void, ecosystem: string): VersionScheme | undefined;
}
