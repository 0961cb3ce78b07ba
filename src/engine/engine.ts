import {
  type BuildContext,
  type Finding,
  fingerprint,
  type Gap,
  type Location,
  type SourceRange,
  type SourceText,
} from "../core/index.ts";
import type { TextParts } from "../bases/index.ts";
import { builtInRules, type Known, type Rule, runRule } from "../rules/index.ts";
import { type Dockerfile, parseDockerfile } from "../syntax/index.ts";
import { matchesGlob } from "./glob.ts";
import { collectIgnores, type InlineIgnores, normalizeTrivy } from "./ignores.ts";
import { createKnown } from "./known.ts";
import { defaultPolicy, type Policy } from "./policy.ts";

/** What an engine is made of. */
export interface EngineParts {
  /** The rules to run; all that Plimsoll ships when not given. */
  readonly rules?: readonly Rule<"dockerfile">[];
  /** The text of the official-images table, whole or read by parts; rules that need it are silent without one. */
  readonly officialImages?: () => TextParts | undefined;
  /** Today as YYYY-MM-DD, against which expiries are held; none expires without it. */
  readonly today?: string;
}

/** One Dockerfile with what is known around it. */
export interface LintSubject {
  readonly dockerfile: Dockerfile;
  readonly context?: BuildContext;
}

export interface LintResult {
  readonly findings: readonly Finding[];
  /** How many findings an ignore held back. */
  readonly ignored: number;
  readonly unknownRules: readonly string[];
  /** Ignore comments past their `until`. */
  readonly expired: readonly string[];
  readonly gaps: readonly Gap[];
}

export interface Engine {
  readonly rules: readonly Rule<"dockerfile">[];
  /** The rule ids that an id of any dialect stands for ("DL3009" → apt-lists-kept); undefined for an id nobody knows. */
  resolve(id: string): readonly string[] | undefined;
  /** Finds everything in texts: pure and synchronous. Without a context, rules that need one are silent. */
  lint(texts: readonly SourceText[], policy?: Policy): LintResult;
  /** The same for one parsed Dockerfile and its context. */
  examine(subject: LintSubject, policy?: Policy): LintResult;
}

/** A rule that a policy wants run, and what the policy says of its severity. */
interface ActiveRule {
  readonly rule: Rule<"dockerfile">;
  readonly level: Exclude<Policy["severities"][string], "off"> | undefined;
}

/** Codes that peers have dropped, still found in configurations, and names that stand for other subjects than Dockerfiles. */
const retired = /^(?:DL30(?:05|17|31|39)|DL1000|DL1001|SC\d{4}|CVE-.*|GHSA-.*)$/i;

/** Builds an engine. It keeps no state between calls but what it has read of the official-images table. */
export async function createEngine(parts: EngineParts = {}): Promise<Engine> {
  const rules = parts.rules ?? builtInRules;
  const byId = indexIds(rules);
  const today = parts.today ?? "0000-00-00";
  const readTable = remember(parts.officialImages ?? (() => undefined));
  const knownFor = new WeakMap<Policy, Known>();
  const known = (policy: Policy): Known => {
    let made = knownFor.get(policy);
    if (!made) {
      made = createKnown(policy.site, readTable, parts.today);
      knownFor.set(policy, made);
    }
    return made;
  };
  const activeFor = new WeakMap<Policy, readonly ActiveRule[]>();
  const active = (policy: Policy): readonly ActiveRule[] => {
    let made = activeFor.get(policy);
    if (!made) {
      made = rules.flatMap((rule): ActiveRule[] => {
        const level = policy.severities[rule.id];
        return level === "off" || (rule.optIn && level === undefined) ? [] : [{ rule, level }];
      });
      activeFor.set(policy, made);
    }
    return made;
  };
  const resolve = (id: string): readonly string[] | undefined =>
    byId.get(id.toLowerCase()) ?? (retired.test(id) ? [] : undefined);

  const examine = (subject: LintSubject, policy: Policy = defaultPolicy): LintResult => {
    const { dockerfile } = subject;
    const ignores = policy.inlineIgnores ? collectIgnores(dockerfile, resolve, today) : undefined;
    const findings: Finding[] = [];
    const gaps: Gap[] = [];
    let ignored = 0;
    const facts = known(policy);
    const pointedAt = textAt(dockerfile, subject.context);
    for (const { rule, level } of active(policy)) {
      try {
        for (const finding of runRule(rule, subject, facts, pointedAt)) {
          if (isIgnored(finding, rule, ignores, policy, today)) ignored++;
          else findings.push(level === undefined || level === "on" ? finding : { ...finding, severity: level });
        }
      } catch (error) {
        gaps.push({
          subject: `${dockerfile.source.path}: ${rule.id}`,
          reason: `the rule failed: ${error instanceof Error ? error.message : String(error)}`,
        });
      }
    }
    for (const problem of dockerfile.problems) findings.push(syntaxFinding(dockerfile, problem.message, problem.range));
    return {
      findings: findings.sort(byPlace),
      ignored,
      unknownRules: ignores?.unknown.map(({ id }) => id) ?? [],
      expired: ignores?.expired.map(({ id }) => id) ?? [],
      gaps,
    };
  };
  const lint = (texts: readonly SourceText[], policy: Policy = defaultPolicy): LintResult => {
    const results = texts.map((text) => examine({ dockerfile: parseDockerfile(text) }, policy));
    return {
      findings: results.flatMap((result) => result.findings),
      ignored: results.reduce((sum, result) => sum + result.ignored, 0),
      unknownRules: results.flatMap((result) => result.unknownRules),
      expired: results.flatMap((result) => result.expired),
      gaps: results.flatMap((result) => result.gaps),
    };
  };
  return { rules, resolve, lint, examine };
}

/** The id under which what BuildKit would refuse is reported; it is no rule, and cannot be turned off. */
export const syntaxRule = "syntax";

function syntaxFinding(dockerfile: Dockerfile, message: string, range: SourceRange): Finding {
  const { path, text } = dockerfile.source;
  return {
    rule: syntaxRule,
    severity: "high",
    message,
    at: { kind: "source", path, range },
    fingerprint: fingerprint(syntaxRule, path, message, text.slice(range.start, range.end)),
  };
}

function indexIds(rules: readonly Rule<"dockerfile">[]): ReadonlyMap<string, readonly string[]> {
  const byId = new Map<string, string[]>();
  for (const rule of rules) {
    for (const id of [rule.id, ...(rule.aliases ?? [])]) {
      const key = normalizeTrivy(id);
      const list = byId.get(key);
      if (list) list.push(rule.id);
      else byId.set(key, [rule.id]);
    }
  }
  byId.set(syntaxRule, []);
  return byId;
}

function isIgnored(
  finding: Finding,
  rule: Rule<"dockerfile">,
  inline: InlineIgnores | undefined,
  policy: Policy,
  today: string,
): boolean {
  if (inline?.ignores(finding, rule.id, finding.aliases ?? rule.aliases ?? [])) return true;
  const path = finding.at.kind === "source" ? finding.at.path : "";
  return policy.ignores.some(
    (one) =>
      one.rules.includes(rule.id) &&
      (one.until === undefined || one.until >= today) &&
      (one.path === undefined || matchesGlob(path, one.path)),
  );
}

function textAt(dockerfile: Dockerfile, context: BuildContext | undefined): (at: Location) => string {
  return (at) => {
    if (at.kind !== "source") return "";
    const text = at.path === dockerfile.source.path ? dockerfile.source.text : (context?.ignoreFile?.text ?? "");
    return text.slice(at.range.start, Math.min(at.range.end, at.range.start + 4096));
  };
}

function byPlace(a: Finding, b: Finding): number {
  const [x, y] = [a.at, b.at];
  if (x.kind !== "source" || y.kind !== "source") return x.kind < y.kind ? -1 : 1;
  if (x.path !== y.path) return x.path < y.path ? -1 : 1;
  return x.range.start - y.range.start || x.range.end - y.range.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}

function remember(read: () => TextParts | undefined): () => TextParts | undefined {
  let text: TextParts | undefined;
  let done = false;
  return () => {
    if (!done) {
      done = true;
      text = read();
    }
    return text;
  };
}
