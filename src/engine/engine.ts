import {
  type BuildContext,
  type Finding,
  fingerprint,
  type Gap,
  type Location,
  type SourceText,
} from "../core/index.ts";
import type { TextParts } from "../bases/index.ts";
import { syntaxRule } from "../report/index.ts";
import { builtInRules, type Known, type Rule, runRule, type Subjects } from "../rules/index.ts";
import { type Dockerfile, parseDockerfile, type SyntaxProblem } from "../syntax/index.ts";
import { matchesGlob } from "./glob.ts";
import { collectIgnores, type InlineIgnores, normalizeTrivy } from "./ignores.ts";
import { createKnown, namesOf } from "./known.ts";
import { defaultPolicy, type Policy } from "./policy.ts";

/** What an engine is made of. */
export interface EngineParts {
  /** The rules to run; all that Plimsoll ships when not given. */
  readonly rules?: readonly Rule<"dockerfile">[];
  /** The rules about images; none when not given, and then every id that begins with "image-" is taken for one of them. */
  readonly imageRules?: readonly Rule<"image">[];
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
  readonly imageRules: readonly Rule<"image">[];
  /** The rule ids that an id of any dialect stands for ("DL3009" → apt-lists-kept); undefined for an id nobody knows. */
  resolve(id: string): readonly string[] | undefined;
  /** Finds everything in texts: pure and synchronous. Without a context, rules that need one are silent. */
  lint(texts: readonly SourceText[], policy?: Policy): LintResult;
  /** The same for one parsed Dockerfile and its context. */
  examine(subject: LintSubject, policy?: Policy): LintResult;
  /** What another tool found in a Dockerfile, held to the same ignores and severities as the rules' findings. */
  admit(
    findings: readonly Finding[],
    dockerfile: Dockerfile,
    policy?: Policy,
  ): Pick<LintResult, "findings" | "ignored">;
  /** Finds everything in an image that was read; ignores of the policy hold, and those of `dockerfile` for what its lines brought. */
  judgeImage(subject: Subjects["image"], policy?: Policy, dockerfile?: Dockerfile): LintResult;
}

/** A rule that a policy wants run, and what the policy says of its severity. */
interface ActiveRule<K extends keyof Subjects> {
  readonly rule: Rule<K>;
  readonly level: Exclude<Policy["severities"][string], "off"> | undefined;
}

/**
 * Codes that peers have dropped, still found in configurations, codes of what neither a Dockerfile nor an image tells (whether
 * the host demands signatures, whether images are scanned), and names that stand for other subjects.
 */
const retired = /^(?:DL30(?:05|17|31|39)|DL1001|CIS-DI-000[45]|CVE-.*|GHSA-.*)$/i;
/** What ShellCheck finds goes by its own codes. */
const shellcheckCode = /^SC\d{4}$/i;

/** Builds an engine. It keeps no state between calls but what it has read of the official-images table. */
export async function createEngine(parts: EngineParts = {}): Promise<Engine> {
  const rules = parts.rules ?? builtInRules;
  const imageRules = parts.imageRules ?? [];
  const byId = indexIds([...rules, ...imageRules]);
  const today = parts.today ?? "0000-00-00";
  const readTable = remember(parts.officialImages ?? (() => undefined));
  const known = perPolicy((policy) =>
    createKnown(policy.site, readTable, parts.today, () => namesOf([...rules, ...imageRules])),
  );
  const active = perPolicy((policy) => activeRules(rules, policy));
  const activeForImages = perPolicy((policy) => activeRules(imageRules, policy));
  const resolve = (id: string): readonly string[] | undefined => {
    const found = byId.get(id.toLowerCase());
    if (found) return found;
    if (parts.imageRules === undefined && /^image-[a-z0-9-]+$/.test(id)) return [id];
    if (shellcheckCode.test(id)) return [id.toUpperCase()];
    return retired.test(id) ? [] : undefined;
  };
  const ignoresOf = (dockerfile: Dockerfile | undefined, policy: Policy): InlineIgnores | undefined =>
    dockerfile && policy.inlineIgnores ? collectIgnores(dockerfile, resolve, today) : undefined;

  const examine = (subject: LintSubject, policy: Policy = defaultPolicy): LintResult => {
    const { dockerfile } = subject;
    const ignores = ignoresOf(dockerfile, policy);
    const run = runAll(active(policy), subject, known(policy), textAt(dockerfile, subject.context), (finding, rule) =>
      isIgnored(finding, rule, ignores, policy, today),
    );
    for (const problem of dockerfile.problems) run.findings.push(syntaxFinding(dockerfile, problem));
    return {
      ...run,
      findings: run.findings.sort(byPlace),
      unknownRules: untold(ignores?.unknown ?? [], run.findings).map(({ id }) => id),
      expired: ignores?.expired.map(({ id }) => id) ?? [],
      gaps: run.gaps.map(({ subject: rule, reason }) => ({ subject: `${dockerfile.source.path}: ${rule}`, reason })),
    };
  };
  const admit: Engine["admit"] = (findings, dockerfile, policy = defaultPolicy) => {
    const ignores = ignoresOf(dockerfile, policy);
    const admitted = findings.flatMap((finding): Finding[] => {
      const level = policy.severities[finding.rule] ?? "on";
      if (level === "off") return [];
      if (isIgnored(finding, { id: finding.rule }, ignores, policy, today)) return [];
      return [level === "on" ? finding : { ...finding, severity: level }];
    });
    const off = findings.filter(({ rule }) => policy.severities[rule] === "off").length;
    return { findings: admitted, ignored: findings.length - admitted.length - off };
  };
  const judgeImage = (
    subject: Subjects["image"],
    policy: Policy = defaultPolicy,
    dockerfile?: Dockerfile,
  ): LintResult => {
    const ignores = ignoresOf(dockerfile, policy);
    const run = runAll(activeForImages(policy), subject, known(policy), pointedAtInImage, (finding, rule) => {
      // What a line brought is ignored by a comment above that line.
      const brought = finding.related?.find(({ at }) => at.kind === "source")?.at;
      return isIgnored(brought ? { ...finding, at: brought } : finding, rule, ignores, policy, today);
    });
    return { ...run, unknownRules: [], expired: [] };
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
  return { rules, imageRules, resolve, lint, examine, admit, judgeImage };
}

/** Unknown ids of comments of which no finding tells with the name that was meant. */
function untold(unknown: InlineIgnores["unknown"], findings: readonly Finding[]): InlineIgnores["unknown"] {
  return unknown.filter(
    ({ id, range }) =>
      !findings.some(
        ({ at }) =>
          at.kind === "source" &&
          at.range.start >= range.start &&
          at.range.end <= range.end &&
          at.range.end - at.range.start === id.length,
      ),
  );
}

function perPolicy<T>(make: (policy: Policy) => T): (policy: Policy) => T {
  const made = new WeakMap<Policy, { readonly value: T }>();
  return (policy) => {
    let kept = made.get(policy);
    if (!kept) {
      kept = { value: make(policy) };
      made.set(policy, kept);
    }
    return kept.value;
  };
}

function activeRules<K extends keyof Subjects>(rules: readonly Rule<K>[], policy: Policy): readonly ActiveRule<K>[] {
  return rules.flatMap((rule): ActiveRule<K>[] => {
    const level = policy.severities[rule.id];
    return level === "off" || (rule.optIn && level === undefined) ? [] : [{ rule, level }];
  });
}

/** Runs rules over one subject. A rule that fails is a gap; the others go on. */
function runAll<K extends keyof Subjects>(
  active: readonly ActiveRule<K>[],
  subject: Subjects[K],
  known: Known,
  pointedAt: (at: Location) => string,
  ignored: (finding: Finding, rule: Rule<K>) => boolean,
): { findings: Finding[]; ignored: number; gaps: Gap[] } {
  const findings: Finding[] = [];
  const gaps: Gap[] = [];
  let held = 0;
  for (const { rule, level } of active) {
    try {
      for (const finding of runRule(rule, subject, known, pointedAt)) {
        if (ignored(finding, rule)) held++;
        else findings.push(level === undefined || level === "on" ? finding : { ...finding, severity: level });
      }
    } catch (error) {
      gaps.push({
        subject: rule.id,
        reason: `the rule failed: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }
  return { findings, ignored: held, gaps };
}

/** So that a fingerprint is that of the file, whatever the image is called. */
function pointedAtInImage(at: Location): string {
  return at.kind === "image" ? (at.file ?? "") : "";
}

function syntaxFinding(dockerfile: Dockerfile, { message, range, aliases }: SyntaxProblem): Finding {
  const { path, text } = dockerfile.source;
  return {
    rule: syntaxRule.id,
    severity: syntaxRule.severity,
    message,
    aliases: aliases ?? ["DL1000"],
    at: { kind: "source", path, range },
    fingerprint: fingerprint(syntaxRule.id, path, message, text.slice(range.start, range.end)),
  };
}

function indexIds(
  rules: readonly Pick<Rule<keyof Subjects>, "id" | "aliases">[],
): ReadonlyMap<string, readonly string[]> {
  const byId = new Map<string, string[]>();
  for (const rule of rules) {
    for (const id of [rule.id, ...(rule.aliases ?? [])]) {
      const key = normalizeTrivy(id);
      const list = byId.get(key);
      if (list) list.push(rule.id);
      else byId.set(key, [rule.id]);
    }
  }
  for (const id of [syntaxRule.id, ...syntaxRule.aliases]) byId.set(id.toLowerCase(), []);
  return byId;
}

function isIgnored(
  finding: Finding,
  rule: Pick<Rule<keyof Subjects>, "id" | "aliases">,
  inline: InlineIgnores | undefined,
  policy: Policy,
  today: string,
): boolean {
  if (inline?.ignores(finding, rule.id, finding.aliases ?? rule.aliases ?? [])) return true;
  const path =
    finding.at.kind === "source" ? finding.at.path : finding.at.kind === "image" ? (finding.at.file ?? "") : "";
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

/** By path, place and rule; those in images before those in texts. */
export function byPlace(a: Finding, b: Finding): number {
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
