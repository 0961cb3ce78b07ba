import type { Finding, Severity } from "../core/index.ts";
import type { PlannedAction } from "./plan.ts";
import { vulnerableRule } from "./rule-groups.ts";

/** Points for a vulnerability less, and for a finding less that is not about vulnerabilities. */
const ofVulnerability: Readonly<Record<Severity | "unknown", number>> = {
  critical: 10,
  high: 5,
  medium: 1,
  low: 0.2,
  info: 0,
  unknown: 0.5,
};
const ofFinding: Readonly<Record<Severity, number>> = { critical: 100, high: 30, medium: 6, low: 2, info: 0.5 };

/** Megabytes that are worth a point; estimates count half. */
const perPoint = 5e6;
/** What needs a hand is worth less than what `fix` does. */
const ofSafety: Readonly<Record<PlannedAction["safety"], number>> = { safe: 1, likely: 0.9, assisted: 0.5 };

const severityByFingerprint = new WeakMap<readonly Finding[], ReadonlyMap<string, number>>();

/** How much an action is worth, in points, by which a plan is ordered: vulnerabilities, findings and bytes together. */
export function worthOf(
  { resolves, effect, safety }: Pick<PlannedAction, "resolves" | "effect" | "safety">,
  findings: readonly Finding[],
): number {
  const points = pointsOf(findings);
  const levels = Object.entries(effect.advisories) as [Severity | "unknown", number][];
  const vulnerabilities = levels.reduce((sum, [level, count]) => sum + count * ofVulnerability[level], 0);
  const told = resolves.reduce((sum, one) => sum + (points.get(one) ?? 0), 0);
  const { bytes } = effect;
  const saved = bytes ? (bytes.value / perPoint) * (bytes.basis === "measured" ? 1 : 0.5) : 0;
  return (vulnerabilities + told + saved) * ofSafety[safety];
}

function pointsOf(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const known = severityByFingerprint.get(findings);
  if (known) return known;
  const points = new Map(
    findings.map(({ fingerprint, rule, severity }) => [fingerprint, rule === vulnerableRule ? 0 : ofFinding[severity]]),
  );
  severityByFingerprint.set(findings, points);
  return points;
}
