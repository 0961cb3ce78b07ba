import type { CandidateKind } from "../bases/index.ts";
import type { Severity } from "../core/index.ts";

/** What was found when a base was read, as `scan` would find it. Sizes in bytes. */
export interface MeasuredBase {
  /** Of the platform's manifest; of the configuration where an engine has it. */
  readonly digest: string;
  readonly platform: string;
  readonly from: "engine" | "registry";
  /** All layers' contents. */
  readonly bytes: number;
  /** What a pull transfers; absent where the place keeps layers unpacked. */
  readonly storedBytes?: number;
  readonly packages: number;
  readonly advisories: Readonly<Record<Severity | "unknown", number>>;
  /** How many of them have a fix. */
  readonly fixable: number;
}

/** An image that could be the base, measured or as offline knowledge has it. */
export interface BaseOption {
  readonly kind: "current" | CandidateKind;
  /** As FROM would name it. */
  readonly reference: string;
  /** What would be different from the base as it is, beside the packages: "libc: glibc → musl". */
  readonly changes: readonly string[];
  /** Neither libc nor the line of the language changes, and a shell stays. */
  readonly dropIn: boolean;
  /** Whether it is rebuilt; absent where nothing tells. */
  readonly rebuilt?: boolean;
  /** YYYY-MM-DD since when it is not. */
  readonly frozenSince?: string;
  /** The last day of free security updates of its distribution, YYYY-MM-DD. */
  readonly supportEnd?: string;
  readonly measured?: MeasuredBase;
  /** Said of an option that was not measured: as of when it is known, and why no more. */
  readonly offline?: { readonly asOf: string; readonly reason: string };
}
