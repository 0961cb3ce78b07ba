import type { CvssScores } from "./score.ts";
import type { CvssVector } from "./vector.ts";

/** CVSS v3.1 specification § 7.4. */
const weights = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  PR: { N: 0.85, L: 0.62, H: 0.27 },
  /** Where the scope changes. */
  PRC: { N: 0.85, L: 0.68, H: 0.5 },
  UI: { N: 0.85, R: 0.62 },
  impact: { H: 0.56, L: 0.22, N: 0 },
  E: { X: 1, H: 1, F: 0.97, P: 0.94, U: 0.91 },
  RL: { X: 1, U: 1, W: 0.97, T: 0.96, O: 0.95 },
  RC: { X: 1, C: 1, R: 0.96, U: 0.92 },
  requirement: { X: 1, H: 1.5, M: 1, L: 0.5 },
} as const;

function weight(kind: keyof typeof weights, value: string): number {
  return (weights[kind] as Readonly<Record<string, number>>)[value] ?? 0;
}

/** § 7.1 of either: up to one decimal. 3.1 does it on hundred-thousandths, so that no binary fraction counts. */
function roundUp(value: number, version: string): number {
  if (version === "3.0") return Math.ceil(value * 10 - 1e-9) / 10;
  const fine = Math.round(value * 100_000);
  return fine % 10_000 === 0 ? fine / 100_000 : (Math.floor(fine / 10_000) + 1) / 10;
}

/** CVSS v3.0 and v3.1 specification § 7.1 to 7.3, which differ in how they round and in the modified impact. */
export function scoreCvss3({ version, metrics }: CvssVector): CvssScores {
  const stated = (metric: string): string => metrics.get(metric) ?? "X";
  const modified = (metric: string): string => {
    const value = stated(`M${metric}`);
    return value === "X" ? stated(metric) : value;
  };
  const exploitability = (of: (metric: string) => string): number =>
    8.22 *
    weight("AV", of("AV")) *
    weight("AC", of("AC")) *
    weight(of("S") === "C" ? "PRC" : "PR", of("PR")) *
    weight("UI", of("UI"));
  const loss = (of: (metric: string) => string, need: (metric: string) => number): number =>
    1 -
    (1 - weight("impact", of("C")) * need("CR")) *
      (1 - weight("impact", of("I")) * need("IR")) *
      (1 - weight("impact", of("A")) * need("AR"));
  const combine = (impact: number, of: (metric: string) => string): number =>
    impact <= 0 ? 0 : roundUp(Math.min(10, (of("S") === "C" ? 1.08 : 1) * (impact + exploitability(of))), version);

  const time = weight("E", stated("E")) * weight("RL", stated("RL")) * weight("RC", stated("RC"));
  const lost = loss(stated, () => 1);
  const base = combine(stated("S") === "C" ? 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 : 6.42 * lost, stated);
  const mattering = Math.min(
    0.915,
    loss(modified, (metric) => weight("requirement", stated(metric))),
  );
  const tail = version === "3.0" ? (mattering - 0.02) ** 15 : (mattering * 0.9731 - 0.02) ** 13;
  const here = combine(modified("S") === "C" ? 7.52 * (mattering - 0.029) - 3.25 * tail : 6.42 * mattering, modified);
  return { base, temporal: roundUp(base * time, version), environmental: roundUp(here * time, version) };
}
