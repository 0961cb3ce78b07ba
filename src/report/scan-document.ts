import type { VulnerabilityMatch } from "../advisories/index.ts";
import type { Gap, Severity } from "../core/index.ts";
import type { Package } from "../packages/index.ts";
import type { Origin } from "../weight/index.ts";

/** What `plimsoll scan --format json` prints: serialisable as it is, the same for the same image and the same store. */
export interface ScanDocument {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "plimsoll"; readonly version: string };
  readonly target: ScanTarget;
  /** The distribution; absent where nothing tells. */
  readonly release?: ScannedRelease;
  /** What was known of vulnerabilities. */
  readonly store: {
    readonly revision: string;
    /** YYYY-MM-DD of its newest knowledge. */
    readonly asOf: string;
    readonly ageDays: number;
    /** "scanner": what another scanner knew, whose report this was made from; `revision` names it. */
    readonly kind: "given" | "fetched" | "starter" | "scanner";
  };
  /** Sorted by purl. */
  readonly packages: readonly ScannedPackage[];
  /** Sorted by severity, then as people look for them: package, id. */
  readonly matches: readonly ScannedMatch[];
  /** What else matches, and why it does not count. */
  readonly suppressed: readonly SuppressedMatch[];
  readonly counts: Readonly<Record<Severity | "unknown", number>>;
  readonly verdict: "pass" | "fail" | "incomplete";
  readonly gaps: readonly Gap[];
  /** Ignore rules that hit nothing, or no longer hold: "FILE:LINE: what it names". */
  readonly unusedIgnores: readonly string[];
}

export interface ScanTarget {
  readonly kind: "image" | "directory" | "sbom";
  readonly reference: string;
  readonly digest?: string;
  readonly platform?: string;
  /** When it was built, as its configuration says (RFC 3339). */
  readonly created?: string;
  /** Diff ids, base first. */
  readonly layers: readonly string[];
}

export interface ScannedRelease {
  readonly family: string;
  readonly name: string;
  readonly release: string;
  /** As its release file spells them; absent where only another tool's report tells of it. */
  readonly id?: string;
  readonly version?: string;
  readonly codename?: string;
  /** OSV's names of what was asked for its packages. */
  readonly ecosystems?: readonly string[];
  /** The last day of security updates that everybody gets; absent where it is not known. */
  readonly endOfLife?: string;
  readonly pastEnd: boolean;
}

/** A package with where it came in. */
export interface ScannedPackage extends Omit<Package, "owns"> {
  /** From 0, base first: the first layer from which on it stays installed in this version. */
  readonly layerIndex?: number;
  readonly origin?: Origin;
}

/** One vulnerability of one package. */
export interface ScannedMatch extends Omit<VulnerabilityMatch, "package" | "suppressed"> {
  /** Of the package, in `packages`. */
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  /** What nobody has judged is "unknown". */
  readonly level: Severity | "unknown";
  readonly layerIndex?: number;
  readonly origin?: Origin;
}

export interface SuppressedMatch extends ScannedMatch {
  readonly suppression: {
    /** "owned", "not-affected", "under-investigation": the distribution's word; "ignored": a file of the user's; "vex": a VEX statement. */
    readonly reason: "owned" | "not-affected" | "under-investigation" | "ignored" | "vex";
    /** The package, file or statement that says so. */
    readonly by: string;
    readonly why?: string;
  };
}
