import type { MatchState } from "../../advisories/index.ts";
import type { Severity } from "../../core/index.ts";
import type { IgnoreRule } from "./ignore-rule.ts";
import type { VexStatement } from "./vex/statement.ts";

/** Which of what a scan finds counts, and which of it makes the scan fail. */
export interface ScanPolicy {
  /** Only these levels are shown; all of them when empty. */
  readonly levels: readonly (Severity | "unknown")[];
  /** Vulnerabilities in these states are left out. */
  readonly ignoreStates: readonly MatchState[];
  /** "os", "library" or types of package URLs: only such packages are shown; all when empty. */
  readonly packageTypes: readonly string[];
  /** Globs of directories, from the root on: a package whose evidence lies all below such is left out. */
  readonly skipDirectories: readonly string[];
  /** Globs of files, from the root on. */
  readonly skipFiles: readonly string[];
  /** The least severity that fails; "any" fails for whatever is left, "none" for nothing. */
  readonly failOn: Severity | "any" | "none";
  /** Whether a distribution past its end fails. */
  readonly failOnEndOfLife: boolean;
  readonly ignores: readonly IgnoreRule[];
  /** What VEX documents say, in the order of the files. */
  readonly statements: readonly VexStatement[];
  /** YYYY-MM-DD, against which the ends of ignore rules are held. */
  readonly today: string;
}

/** Everything is shown, nothing ignored, high and critical fail. */
export const defaultScanPolicy: ScanPolicy = {
  levels: [],
  ignoreStates: [],
  packageTypes: [],
  skipDirectories: [],
  skipFiles: [],
  failOn: "high",
  failOnEndOfLife: false,
  ignores: [],
  statements: [],
  today: "0000-00-00",
};
