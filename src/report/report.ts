import type { Finding, Gap, Severity } from "../core/index.ts";
import type { Bytes, ContextWeight } from "../weight/index.ts";
import type { Aim } from "../rules/index.ts";

/** The product: what every reporter shows. Serialisable as it is, and the same for the same input. */
export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "plimsoll"; readonly version: string };
  /** "incomplete" when something was not examined and nothing failed: silence is never clean. */
  readonly verdict: "pass" | "fail" | "incomplete";
  readonly failOn: Severity | "none";
  readonly subjects: readonly ReportedSubject[];
  /** Images that were looked into. */
  readonly images: readonly ReportedImage[];
  /** Those of Dockerfiles sorted by path, place and rule; those of images after them. */
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

export interface ReportedImage {
  readonly reference: string;
  readonly digest: string;
  readonly platform: string;
  readonly findings: number;
  readonly layers: number;
  /** 0 when it is not known which layers are the base's. */
  readonly baseLayers: number;
  /** All layers' contents, and what a container sees of them. */
  readonly bytes: Bytes;
  readonly visible: Bytes;
  /** The layers as stored. */
  readonly storedBytes: number;
}

/**
 * A finding with its place as people say it (from 1) and what its rule is about. The place of a finding in an image is that of
 * the instruction that brought it, where that is known.
 */
export interface ReportedFinding extends Finding {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
  readonly aim: Aim;
  readonly aliases: readonly string[];
  /** The text that `start` and `end` are in; absent when no text is known. */
  readonly path?: string;
}

export interface ReportedRule {
  readonly summary: string;
  readonly why: string;
  readonly aim: Aim;
  readonly severity: Severity;
  readonly aliases: readonly string[];
  /** Where more is said of it, when that is not among Plimsoll's own pages. */
  readonly url?: string;
}
