import type { Advisory } from "../advisory.ts";
import type { VulnerabilityFacts } from "../vulnerability-facts.ts";

/**
 * An open store. Every look-up may throw `store.damaged`: what was read does not match its checksum, or has not its form; so may a
 * part of an advisory that is read only when it is asked for (severities, dates, prose, versions).
 */
export interface AdvisoryStore {
  readonly info: StoreInfo;
  /** Whether anything is known of an ecosystem ("Debian:12", "PyPI"): without it "no advisory" means nothing. */
  covers(ecosystem: string): boolean;
  /** The advisories about one package, sorted by id; `affected` holds what they say of this package alone. */
  find(ecosystem: string, name: string): readonly Advisory[];
  facts(id: string): VulnerabilityFacts | undefined;
  /** The packages whose advisories name an id as their own, an alias or what they are about; sorted. */
  named(id: string): readonly { readonly ecosystem: string; readonly name: string }[];
  /** The groups among all advisories that have a Maven artifact of this name; a jar without a group can be told when it is one. */
  mavenGroups(artifact: string): readonly string[];
  close(): void;
}

export interface StoreInfo {
  readonly schema: "plimsoll.store/1";
  /** The first 12 hexadecimal digits of the SHA-256 of its contents: the same data give the same revision. */
  readonly revision: string;
  /** The newest change any feed knows of, YYYY-MM-DD: what happened later is unknown to it. */
  readonly asOf: string;
  /** Sorted by name. */
  readonly ecosystems: readonly StoreEcosystem[];
  readonly feeds: readonly StoreFeed[];
  readonly packages: number;
  readonly advisories: number;
  readonly bytes: number;
}

export interface StoreEcosystem {
  /** With its release. */
  readonly name: string;
  readonly packages: number;
  readonly advisories: number;
  /** The newest change among its advisories, YYYY-MM-DD. */
  readonly asOf: string;
}

export interface StoreFeed {
  readonly id: string;
  /** Where in the feed's folder it was read from. */
  readonly file: string;
  readonly publisher: string;
  /** As the publisher states it. */
  readonly licence: string;
  readonly sha256: string;
  /** Advisories or statements taken from it. */
  readonly items: number;
}
