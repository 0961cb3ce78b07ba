import { type Finding, fingerprint, type Location } from "../core/index.ts";
import type { Known, Rule, Subjects } from "./rule.ts";

/** One rule's findings on one subject. A rule that throws is our bug: the caller turns it into a gap. */
export function runRule<K extends keyof Subjects>(
  rule: Rule<K>,
  subject: Subjects[K],
  known: Known,
  textAt: (at: Location) => string,
): readonly Finding[] {
  let findings: Finding[] | undefined;
  for (const problem of rule.check(subject, known)) {
    const path = problem.at.kind === "source" ? problem.at.path : "";
    const finding: Finding = {
      ...problem,
      rule: rule.id,
      severity: problem.severity ?? rule.severity,
      // What is about a package is told apart from others of the same place by it.
      fingerprint: fingerprint(rule.id, path, textAt(problem.at), ...(problem.about ? [problem.about.purl] : [])),
    };
    if (findings) findings.push(finding);
    else findings = [finding];
  }
  return findings ?? none;
}
const none: readonly Finding[] = [];
