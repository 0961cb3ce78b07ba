import type { Severity } from "../core/index.ts";

/** An advisory, reduced to the facts that matching and reports need (OSV schema 1.x). */
export interface Advisory {
  readonly id: string;
  /** Other ids of the very same vulnerability. */
  readonly aliases: readonly string[];
  /** Vulnerabilities that a distribution's advisory is about (OSV `upstream`); several in one bundle stay apart. */
  readonly upstream: readonly string[];
  readonly summary?: string | undefined;
  readonly url?: string | undefined;
  /** Most specific statement first. */
  readonly severities: readonly StatedSeverity[];
  readonly affected: readonly Affected[];
  /** YYYY-MM-DD. */
  readonly published?: string | undefined;
  readonly modified?: string | undefined;
  /** The day since when it no longer stands. */
  readonly withdrawn?: string;
}

/** What somebody says of how bad it is. */
export interface StatedSeverity {
  /** "debian", "ubuntu", "redhat", "ghsa", "nvd", … */
  readonly source: string;
  /** The source's own word, in Plimsoll's terms. */
  readonly severity?: Severity;
  /** CVSS 2, 3.x or 4 vector; scores are computed, never stored. */
  readonly vector?: string;
  /** Only where a source states a score without a vector. */
  readonly score?: number;
}

export interface Affected {
  /** With its release: "Debian:12", "Alpine:v3.20", "PyPI". */
  readonly ecosystem: string;
  /** In the ecosystem's canonical spelling (PyPI names normalised, NuGet and Composer in lower case). */
  readonly name: string;
  readonly ranges: readonly VersionRange[];
  /** Exact versions. */
  readonly versions: readonly string[];
  /** Why there is no fix, where the source says so. */
  readonly state?:
    | "affected"
    | "will-not-fix"
    | "fix-deferred"
    | "end-of-life"
    | "under-investigation"
    | "not-affected";
  readonly severities?: readonly StatedSeverity[];
  /** Go: operating systems it is limited to. */
  readonly goos?: readonly string[];
  /** Architectures it is limited to, in the ecosystem's own words: Go's, or rpm's. */
  readonly arches?: readonly string[];
}

export interface VersionRange {
  readonly events: readonly RangeEvent[];
}

export type RangeEvent =
  | { readonly introduced: string }
  | { readonly fixed: string }
  | { readonly lastAffected: string }
  | { readonly limit: string };
