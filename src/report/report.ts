import type { Finding, Gap, Severity } from "../core/index.ts";
import type { ContextWeight } from "../weight/index.ts";
import type { Aim } from "../rules/index.ts";

/** The product: what every reporter shows. Serialisable as it is, and the same for the same input. */
export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "plimsoll"; readonly version: string };
  /** "incomplete" when something was not examined and nothing failed: silence is never clean. */
  readonly verdict: "pass" | "fail" | "incomplete";
  readonly failOn: Severity | "none";
  readonly subjects: readonly ReportedSubject[];
  /** Sorted by path, place and rule. */
  readonly findings: readonly ReportedFinding[];
  readonly counts: Readonly<Record<Severity, number>>;
  /** Findings held back by an ignore. */
  readonly ignored: number;
  readonly gaps: readonly Gap[];
  /** Ids in ignore comments that no rule has. */
  readonly unknownRules: readonly string[];
  /** Ids of ignore comments past their day. */
  readonly expiredIgnores: readonly string[];
  /** How many fixes `plimsoll fix` has to offer, and the bytes they are thought to save. */
  readonly fixes: { readonly safe: number; readonly likely: number; readonly bytes: number };
  /** Rules that reported something, by id. */
  readonly rules: Readonly<Record<string, ReportedRule>>;
}

export interface ReportedSubject {
  readonly path: string;
  readonly findings: number;
  readonly context?: ContextWeight;
}

/** A finding with its place as people say it (from 1) and what its rule is about. */
export interface ReportedFinding extends Finding {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
  readonly aim: Aim;
  readonly aliases: readonly string[];
}

export interface ReportedRule {
  readonly summary: string;
  readonly why: string;
  readonly aim: Aim;
  readonly severity: Severity;
  readonly aliases: readonly string[];
}
