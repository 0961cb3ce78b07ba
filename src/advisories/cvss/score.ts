import type { Severity } from "../../core/index.ts";
import { scoreCvss2 } from "./cvss2.ts";
import { scoreCvss3 } from "./cvss3.ts";
import { scoreCvss4 } from "./cvss4.ts";
import { type CvssVector, parseVector } from "./vector.ts";

/** 0.0 to 10.0 each. What a vector does not say of time or environment changes nothing. */
export interface CvssScores {
  readonly base: number;
  readonly temporal: number;
  readonly environmental: number;
}

/** The three scores of a CVSS 2 or 3 vector; CVSS 4 has but one, which stands for all. */
export function cvssScores(vector: CvssVector): CvssScores {
  if (vector.version === "2.0") return scoreCvss2(vector);
  if (vector.version !== "4.0") return scoreCvss3(vector);
  const score = scoreCvss4(vector);
  return { base: score, temporal: score, environmental: score };
}

const environment = /^(?:CDP|TD|[CIA]R|M[A-Z]+)$/;

/** The score that takes in all that the vector says, 0.0 to 10.0; undefined for what is no vector. */
export function scoreOfVector(text: string): number | undefined {
  const vector = parseVector(text);
  if (!vector) return undefined;
  const scores = cvssScores(vector);
  return [...vector.metrics.keys()].some((metric) => environment.test(metric)) ? scores.environmental : scores.temporal;
}

/** CVSS v3.1 § 5 and v4.0 § 6; CVSS 2 is read by the same bounds. A score of 0 is "info". */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  if (score >= 4) return "medium";
  return score >= 0.1 ? "low" : "info";
}
