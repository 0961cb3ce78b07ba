import {
  type Finding,
  type Gap,
  LineIndex,
  type Location,
  type Severity,
  severities,
  severityRank,
} from "../core/index.ts";
import type { Rule, Subjects } from "../rules/index.ts";
import type { Report, ReportedFinding, ReportedImage, ReportedRule, ReportedSubject } from "./report.ts";
import { syntaxRule } from "./syntax-rule.ts";

/** A rule as reports tell of it: one of Plimsoll's, or another tool's with the page that explains it. */
export interface DescribedRule
  extends Pick<Rule<keyof Subjects>, "id" | "summary" | "why" | "aim" | "severity" | "aliases"> {
  readonly url?: string;
}

export interface ReportInput {
  readonly version: string;
  readonly failOn: Severity | "none";
  readonly subjects: readonly ReportedSubject[];
  readonly findings: readonly Finding[];
  /** Texts that findings point into, by path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly rules: readonly DescribedRule[];
  readonly images?: readonly ReportedImage[];
  readonly ignored: number;
  readonly gaps: readonly Gap[];
  readonly unknownRules: readonly string[];
  readonly expiredIgnores: readonly string[];
}

/** Sorts, counts, decides the verdict, and freezes it all into a report. */
export function buildReport(input: ReportInput): Report {
  const byId = new Map(input.rules.map((rule) => [rule.id, rule]));
  const indexes = new Map([...input.texts].map(([path, text]) => [path, new LineIndex(text)]));
  const rules: Record<string, ReportedRule> = {};
  const findings = input.findings.map((finding): ReportedFinding => {
    const about = described(byId.get(finding.rule) ?? syntaxRule);
    rules[finding.rule] = about;
    const place = placeOf(finding);
    const index = place && indexes.get(place.path);
    return {
      ...finding,
      ...(place ? { path: place.path } : {}),
      aim: about.aim,
      aliases: finding.aliases ?? about.aliases,
      start: (place && index?.position(place.range.start)) ?? { line: 1, column: 1 },
      end: (place && index?.position(place.range.end)) ?? { line: 1, column: 1 },
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
    images: input.images ?? [],
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

function described({ summary, why, aim, severity, aliases = [], url }: DescribedRule): ReportedRule {
  return { summary, why, aim, severity, aliases, ...(url === undefined ? {} : { url }) };
}

/** Where in a text people look: the words themselves, or the instruction that brought what is wrong in the image. */
function placeOf({ at, related }: Finding): Extract<Location, { kind: "source" }> | undefined {
  if (at.kind === "source") return at;
  const brought = related?.find((one) => one.at.kind === "source")?.at;
  return brought?.kind === "source" ? brought : undefined;
}
