import { type Severity, severities, severityRank } from "../../core/index.ts";
import { parsePurl, type Purl } from "../../packages/index.ts";
import type { ScanDocument, ScannedMatch, ScannedPackage, SuppressedMatch } from "../../report/index.ts";
import { countMatches } from "../count-matches.ts";
import { type IgnoreRule, type IgnoreSubject, ruleHolds } from "./ignore-rule.ts";
import { keepsPackage } from "./keeps-package.ts";
import type { ScanPolicy } from "./scan-policy.ts";
import { createVexReader, type VexVerdict } from "./vex/vex-verdict.ts";

/**
 * What is left of a scan under a policy: what VEX statements and ignore rules hold back becomes suppressed with its reason, what
 * filters leave out is gone, and counts and verdict are of what is left. Pure; an ignored match never makes another one appear.
 */
export function applyScanPolicy(document: ScanDocument, policy: ScanPolicy): ScanDocument {
  const packages = new Map(document.packages.map((one) => [one.purl, one]));
  const vexOf = createVexReader(document.target, policy.statements);
  const rules = createRules(policy);
  const purls = new Map<string, Purl | undefined>();
  const subjectOf = (match: ScannedMatch): IgnoreSubject & { readonly vex: VexVerdict | undefined } => {
    if (!purls.has(match.purl)) purls.set(match.purl, parsePurl(match.purl));
    const purl = purls.get(match.purl);
    const vex = vexOf(match, purl);
    return { match, package: packages.get(match.purl), purl, vex };
  };
  const matches: ScannedMatch[] = [];
  const suppressed: SuppressedMatch[] = [];
  for (const match of document.suppressed) {
    rules.first(subjectOf(match)); // what a rule is about is about something, also where it need not be said again
    suppressed.push(match);
  }
  for (const match of document.matches) {
    const subject = subjectOf(match);
    const rule = rules.first(subject);
    const { vex } = subject;
    if (vex?.status === "not_affected" || vex?.status === "fixed")
      suppressed.push({ ...match, suppression: { reason: "vex", by: vex.by, why: vex.why ?? vex.status } });
    else if (rule)
      suppressed.push({
        ...match,
        suppression: { reason: "ignored", by: rule.by, ...(rule.why === undefined ? {} : { why: rule.why }) },
      });
    else matches.push(match);
  }
  const shown = showsMatch(policy, packages);
  const left = matches.filter(shown);
  return {
    ...document,
    packages: document.packages.filter((one) => keepsPackage(policy, one)),
    matches: left,
    suppressed: suppressed.filter(shown).sort(byPackage),
    counts: countMatches(left),
    verdict: verdictOf({ ...document, matches: left }, policy),
    unusedIgnores: [...document.unusedIgnores, ...rules.idle()],
  };
}

/** "fail" outranks "incomplete": what was found is there, whatever else was not examined. */
function verdictOf({ matches, gaps, release }: ScanDocument, policy: ScanPolicy): ScanDocument["verdict"] {
  const { failOn } = policy;
  const fails = ({ level }: ScannedMatch): boolean =>
    failOn === "any" || (failOn !== "none" && isSeverity(level) && severityRank(level) <= severityRank(failOn));
  if (matches.some(fails) || (policy.failOnEndOfLife && release?.pastEnd === true)) return "fail";
  return gaps.length > 0 ? "incomplete" : "pass";
}

function isSeverity(level: string): level is Severity {
  return (severities as readonly string[]).includes(level);
}

function showsMatch(
  policy: ScanPolicy,
  packages: ReadonlyMap<string, ScannedPackage>,
): (match: ScannedMatch) => boolean {
  const levels = new Set<string>(policy.levels);
  const states = new Set<string>(policy.ignoreStates);
  return ({ level, state, purl }) => {
    const one = packages.get(purl);
    return (levels.size === 0 || levels.has(level)) && !states.has(state) && (!one || keepsPackage(policy, one));
  };
}

/** Ignore rules by the ids they name, and which of them hit nothing. */
function createRules({ ignores, today }: ScanPolicy) {
  const idle = new Set(ignores);
  const byId = new Map<string, IgnoreRule[]>();
  const general: IgnoreRule[] = [];
  const expired = new Set(ignores.filter(({ until }) => until !== undefined && until < today));
  for (const rule of ignores) {
    if (expired.has(rule)) continue;
    if (rule.ids.length === 0) general.push(rule);
    for (const id of rule.ids) {
      const together = byId.get(id);
      if (together) together.push(rule);
      else byId.set(id, [rule]);
    }
  }
  return {
    /** The first rule that holds; all that do are in use. */
    first(subject: IgnoreSubject): IgnoreRule | undefined {
      const { id, aliases } = subject.match;
      let first: IgnoreRule | undefined;
      const named = [id, ...aliases].flatMap((one) => byId.get(one.toUpperCase()) ?? []);
      for (const rule of [...named, ...general]) {
        if (!ruleHolds(rule, subject)) continue;
        idle.delete(rule);
        first ??= rule;
      }
      return first;
    },
    idle: (): readonly string[] =>
      [...idle].map((rule) => {
        const ended = expired.has(rule) ? ` (no longer holds: it ended on ${rule.until})` : "";
        const fault = rule.fault === undefined ? "" : ` (holds nothing back: ${rule.fault})`;
        return `${rule.by}: ${rule.names}${ended}${fault}`;
      }),
  };
}

function byPackage(a: ScannedMatch, b: ScannedMatch): number {
  return a.purl < b.purl ? -1 : a.purl > b.purl ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
