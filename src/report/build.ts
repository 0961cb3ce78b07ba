import { type Finding, type Gap, LineIndex, type Severity, severities, severityRank } from "../core/index.ts";
import type { Rule } from "../rules/index.ts";
import type { Report, ReportedFinding, ReportedRule, ReportedSubject } from "./report.ts";

export interface ReportInput {
  readonly version: string;
  readonly failOn: Severity | "none";
  readonly subjects: readonly ReportedSubject[];
  readonly findings: readonly Finding[];
  /** Texts that findings point into, by path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly rules: readonly Rule<"dockerfile">[];
  readonly ignored: number;
  readonly gaps: readonly Gap[];
  readonly unknownRules: readonly string[];
  readonly expiredIgnores: readonly string[];
}

const syntax: ReportedRule = {
  summary: "BuildKit refuses this",
  why: "The Dockerfile does not parse here, so it does not build. Everything else in the file was still examined.",
  aim: "correctness",
  severity: "high",
  aliases: ["DL1000"],
};

/** Sorts, counts, decides the verdict, and freezes it all into a report. */
export function buildReport(input: ReportInput): Report {
  const byId = new Map(input.rules.map((rule) => [rule.id, rule]));
  const indexes = new Map([...input.texts].map(([path, text]) => [path, new LineIndex(text)]));
  const rules: Record<string, ReportedRule> = {};
  const findings = input.findings.map((finding): ReportedFinding => {
    const rule = byId.get(finding.rule);
    const about = rule
      ? { summary: rule.summary, why: rule.why, aim: rule.aim, severity: rule.severity, aliases: rule.aliases ?? [] }
      : syntax;
    rules[finding.rule] = about;
    const range = finding.at.kind === "source" ? finding.at.range : { start: 0, end: 0 };
    const index = finding.at.kind === "source" ? indexes.get(finding.at.path) : undefined;
    return {
      ...finding,
      aim: about.aim,
      aliases: finding.aliases ?? about.aliases,
      start: index?.position(range.start) ?? { line: 1, column: 1 },
      end: index?.position(range.end) ?? { line: 1, column: 1 },
    };
  });
  const counts = Object.fromEntries(
    severities.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length]),
  ) as Record<Severity, number>;
  const { failOn } = input;
  const failed =
    failOn !== "none" && findings.some((finding) => severityRank(finding.severity) <= severityRank(failOn));
  const offered = findings.filter(({ fix }) => fix && fix.edits.length > 0 && fix.safety !== "assisted");
  return {
    schemaVersion: 1,
    tool: { name: "plimsoll", version: input.version },
    verdict: failed ? "fail" : input.gaps.length > 0 ? "incomplete" : "pass",
    failOn,
    subjects: input.subjects,
    findings,
    counts,
    ignored: input.ignored,
    gaps: input.gaps,
    unknownRules: [...new Set(input.unknownRules)].sort(),
    expiredIgnores: [...new Set(input.expiredIgnores)].sort(),
    fixes: {
      safe: offered.filter(({ fix }) => fix?.safety === "safe").length,
      likely: offered.filter(({ fix }) => fix?.safety === "likely").length,
      bytes: offered.reduce((sum, { bytes }) => sum + (bytes?.value ?? 0), 0),
    },
    rules: Object.fromEntries(Object.entries(rules).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
