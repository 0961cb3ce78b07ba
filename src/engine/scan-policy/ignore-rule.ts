import type { Purl } from "../../packages/index.ts";
import type { ScannedMatch, ScannedPackage } from "../../report/index.ts";
import { matchesGlob } from "../glob.ts";
import { purlMatches } from "./purl-matches.ts";
import type { VexStatement } from "./vex/statement.ts";

/** What somebody has decided not to hear of. All conditions must hold; an empty list is none. */
export interface IgnoreRule {
  /** The file that says so, and the line or place in it: ".trivyignore:3". */
  readonly by: string;
  /** What it is about, for saying that it hits nothing. */
  readonly names: string;
  /** Upper case; an id or an alias of the vulnerability. */
  readonly ids: readonly string[];
  /** Package URLs: what they leave out (version, qualifiers) is not asked for. */
  readonly purls: readonly Purl[];
  /** Globs of evidence; a bare name matches at any depth. */
  readonly paths: readonly string[];
  /** Conditions that only one kind of file knows. */
  readonly accepts?: (subject: IgnoreSubject) => boolean;
  /** Why it can hold for nothing: what it asks for is not understood. */
  readonly fault?: string;
  /** YYYY-MM-DD, the last day it holds. */
  readonly until?: string;
  readonly why?: string;
}

/** A match as ignore rules look at it. */
export interface IgnoreSubject {
  readonly match: ScannedMatch;
  readonly package: ScannedPackage | undefined;
  readonly purl: Purl | undefined;
  /** What VEX documents say of it. */
  readonly vex: Pick<VexStatement, "status" | "justification"> | undefined;
}

/** Whether a rule is about a match; its ids are not asked for again. */
export function ruleHolds(rule: IgnoreRule, subject: IgnoreSubject): boolean {
  const { purl, package: one } = subject;
  if (rule.purls.length > 0 && !(purl && rule.purls.some((pattern) => purlMatches(pattern, purl)))) return false;
  if (rule.paths.length > 0 && !(one?.files ?? []).some((file) => rule.paths.some((glob) => matchesGlob(file, glob))))
    return false;
  return rule.accepts?.(subject) ?? true;
}
