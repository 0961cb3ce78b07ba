import type { Gap } from "../../core/index.ts";
import type { Package } from "../../packages/index.ts";
import type { Advisory, Affected, StatedSeverity, VersionRange } from "../advisory.ts";
import type { ChosenSeverity } from "../severity.ts";
import type { VulnerabilityFacts } from "../vulnerability-facts.ts";

/** What matching must know of the distribution that an image is made of. */
export interface MatchRelease {
  /** "debian", "ubuntu", "alpine", "wolfi", "rhel", "almalinux", "amzn", "photon", … (os-release ID, or what it is like). */
  readonly family: string;
  /** OSV ecosystems whose advisories hold for it, the one that knows most of it first ("Ubuntu:Pro:18.04:LTS", "Ubuntu:18.04:LTS"). */
  readonly ecosystems: readonly string[];
}

/** One vulnerability that one package has. */
export interface VulnerabilityMatch {
  readonly package: Package;
  /** The CVE; without one the distribution's id, or else the source's. */
  readonly id: string;
  /** Every other id of it, sorted. */
  readonly aliases: readonly string[];
  /** Those that say so, the one that decides first; `affected` holds what they say of this package. */
  readonly advisories: readonly Advisory[];
  readonly because: Because;
  /** The smallest version above the installed one in which all of the advisories call it fixed. */
  readonly fixedIn?: string;
  readonly state: MatchState;
  /** How bad it is, and who says so; absent where nobody does. */
  readonly severity?: ChosenSeverity;
  /** All that was stated of it: of this package, by its advisories, of the vulnerability at large. */
  readonly severities: readonly StatedSeverity[];
  readonly exploited?: VulnerabilityFacts["exploited"];
  readonly epss?: VulnerabilityFacts["epss"];
  /** Only in `MatchResult.suppressed`. */
  readonly suppressed?: Suppression;
}

export type MatchState = "fixed" | Exclude<NonNullable<Affected["state"]>, "not-affected">;

/** Why a version counts as affected. */
export interface Because {
  /** Under which ecosystem and name the advisory was found: a distribution's speak of source packages. */
  readonly ecosystem: string;
  readonly name: string;
  /** The version that was compared. */
  readonly version: string;
  readonly scheme: string;
  /** The range it lies in; absent when the version is listed as such. */
  readonly range?: VersionRange;
  /** "0 <= 1.2.4-r2 < 1.2.4-r3", "1.0.1 is listed". */
  readonly comparison: string;
}

/** Why what matches is not reported. */
export interface Suppression {
  /**
   * "owned": the distribution owns the package's files and its advisories decide. "not-affected": the distribution says it is not.
   * "under-investigation": nobody has judged it yet.
   */
  readonly reason: "owned" | "not-affected" | "under-investigation";
  /** The purl of the package whose word counts. */
  readonly by: string;
}

export interface MatchResult {
  /** Sorted by purl, then id. */
  readonly matches: readonly VulnerabilityMatch[];
  /** What else matches, and why it is not reported; sorted alike. */
  readonly suppressed: readonly VulnerabilityMatch[];
  /** Ecosystems that the image needs and the store lacks. */
  readonly gaps: readonly Gap[];
  /** Packages that no advisories speak of, whatever the store holds; in the order given. */
  readonly unmatched: readonly Unmatched[];
}

export interface Unmatched {
  readonly package: Package;
  /** "third-party": not from the distribution, whose advisories thus say nothing of it. */
  readonly reason: "third-party" | "no-version" | "no-advisories-exist";
}

export interface MatchOptions {
  /** YYYY-MM-DD: advisories withdrawn by then do not count. Without it none that was ever withdrawn does. */
  readonly today?: string;
  /** Sources of severity to ask before all others, the first before the next. */
  readonly severitySources?: readonly string[];
}
