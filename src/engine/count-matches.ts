import { severities } from "../core/index.ts";
import type { ScanDocument, ScannedMatch } from "../report/index.ts";

/** How many matches there are of each level; levels without any are there with 0. */
export function countMatches(matches: readonly Pick<ScannedMatch, "level">[]): ScanDocument["counts"] {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, unknown: 0 };
  for (const { level } of matches) counts[level]++;
  return counts;
}

/** Every level, most severe first. */
export const levels: readonly ScannedMatch["level"][] = [...severities, "unknown"];
