import type { CvssScores } from "./score.ts";
import type { CvssVector } from "./vector.ts";

/** CVSS v2 Complete Guide § 3.2. */
const weights = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  impact: { N: 0, P: 0.275, C: 0.66 },
  E: { U: 0.85, POC: 0.9, F: 0.95, H: 1, ND: 1 },
  RL: { OF: 0.87, TF: 0.9, W: 0.95, U: 1, ND: 1 },
  RC: { UC: 0.9, UR: 0.95, C: 1, ND: 1 },
  CDP: { N: 0, L: 0.1, LM: 0.3, MH: 0.4, H: 0.5, ND: 0 },
  TD: { N: 0, L: 0.25, M: 0.75, H: 1, ND: 1 },
  requirement: { L: 0.5, M: 1, H: 1.51, ND: 1 },
} as const;

/** To one decimal, halves up; binary fractions a hair below a half are halves. */
function round(value: number): number {
  return Math.floor(value * 10 + 0.5 + 1e-9) / 10;
}

/** CVSS v2 Complete Guide § 3.2.1 to 3.2.3. */
export function scoreCvss2({ metrics }: CvssVector): CvssScores {
  const weigh = (kind: keyof typeof weights, metric: string = kind): number =>
    (weights[kind] as Readonly<Record<string, number>>)[metrics.get(metric) ?? "ND"] ?? 0;
  const exploitability = 20 * weigh("AV") * weigh("AC") * weigh("Au");
  const baseOf = (impact: number): number =>
    impact === 0 ? 0 : round((0.6 * impact + 0.4 * exploitability - 1.5) * 1.176);
  const impactWith = (need: (metric: string) => number): number =>
    10.41 *
    (1 -
      (1 - weigh("impact", "C") * need("CR")) *
        (1 - weigh("impact", "I") * need("IR")) *
        (1 - weigh("impact", "A") * need("AR")));
  const time = weigh("E") * weigh("RL") * weigh("RC");
  const base = baseOf(impactWith(() => 1));
  const adjusted = round(
    baseOf(
      Math.min(
        10,
        impactWith((metric) => weigh("requirement", metric)),
      ),
    ) * time,
  );
  return {
    base,
    temporal: round(base * time),
    // The equation runs below 0 where requirements are low.
    environmental: Math.max(0, round((adjusted + (10 - adjusted) * weigh("CDP")) * weigh("TD"))),
  };
}
