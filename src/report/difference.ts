import type { Severity } from "../core/index.ts";
import type { ConfigChange, FileChange } from "../weight/index.ts";

/** What `plimsoll diff --format json` prints. All sizes are in bytes. */
export interface DifferenceDocument {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "plimsoll"; readonly version: string };
  readonly before: DifferenceSide;
  readonly after: DifferenceSide;
  /** Layers that both have, which a host that has one need not pull for the other. */
  readonly sharedLayers: number;
  /** Bytes that a host with `before` pulls for `after`. */
  readonly pullDelta: number;
  readonly files: readonly FileChange[];
  readonly config: readonly ConfigChange[];
  /** By type and name; absent where the packages were not looked at. */
  readonly packages?: readonly PackageChange[];
  /** Absent where no advisories were at hand. */
  readonly vulnerabilities?: VulnerabilityChanges;
}

/** A package in other versions than before; in none where it was added or is gone. */
export interface PackageChange {
  readonly type: string;
  readonly name: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What an update brings: vulnerabilities of packages, sorted by severity. */
export interface VulnerabilityChanges {
  /** YYYY-MM-DD of the advisories' newest knowledge. */
  readonly asOf: string;
  readonly fixed: readonly VulnerabilityChange[];
  readonly new: readonly VulnerabilityChange[];
  /** How many both have. */
  readonly remaining: number;
}

export interface VulnerabilityChange {
  readonly id: string;
  readonly level: Severity | "unknown";
  /** Names of the packages that have it, sorted. */
  readonly packages: readonly string[];
}

export interface DifferenceSide {
  readonly reference: string;
  readonly digest: string;
  readonly platform: string;
  readonly unpacked: number;
  readonly stored: number;
  readonly visible: number;
  readonly dead: number;
  readonly layers: number;
  readonly files: number;
}
