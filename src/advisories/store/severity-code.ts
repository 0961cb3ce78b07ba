import { severities } from "../../core/index.ts";
import type { StatedSeverity } from "../advisory.ts";
import { damaged } from "./damaged.ts";
import { listIn, parts, textIn, wholeIn } from "./json-value.ts";

/** Source, then one more than the severity's place in the scale, the vector, and one more than ten times the score. */
export function severityParts({ source, severity, vector, score }: StatedSeverity): readonly unknown[] {
  return parts(
    source,
    severity === undefined ? 0 : severities.indexOf(severity) + 1,
    vector,
    score === undefined ? 0 : Math.round(score * 10) + 1,
  );
}

export function readSeverity(value: unknown): StatedSeverity {
  const [source, word = 0, vector = 0, score = 0] = listIn(value);
  const stated: { -readonly [K in keyof StatedSeverity]: StatedSeverity[K] } = { source: textIn(source) };
  if (word !== 0) {
    const severity = severities[wholeIn(word) - 1];
    if (severity === undefined) throw damaged("a severity is unknown");
    stated.severity = severity;
  }
  if (vector !== 0) stated.vector = textIn(vector);
  if (score !== 0) stated.score = (wholeIn(score) - 1) / 10;
  return stated;
}
