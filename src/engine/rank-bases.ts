import { severities } from "../core/index.ts";
import type { BaseOption } from "../remedy/index.ts";

/**
 * The order of options: those that were measured before the others; of those the ones that still get security updates first,
 * for of the others advisories fall silent; then the fewest critical, high, medium, low and unjudged vulnerabilities, then the
 * fewest bytes, then the least change. Options that were not measured keep the order they came in, after the rest.
 * @param today YYYY-MM-DD
 */
export function rankBases(options: readonly BaseOption[], today: string): readonly BaseOption[] {
  return options.toSorted((a, b) => {
    if (!a.measured || !b.measured) return Number(b.measured !== undefined) - Number(a.measured !== undefined);
    return compareMeasured(a, b, today);
  });
}

/** The best of the measured options that asks nothing new of the program, where it is better than the base as it is. */
export function recommendBase(ranked: readonly BaseOption[], today: string): BaseOption | undefined {
  const current = ranked.find(({ kind }) => kind === "current");
  const best = ranked.find(({ dropIn, measured }) => dropIn && measured !== undefined);
  if (!best || best === current) return undefined;
  return current?.measured && compareMeasured(best, current, today) >= 0 ? undefined : best;
}

/** Whether it still gets security updates, as far as is known. */
export function isMaintained({ rebuilt, supportEnd }: BaseOption, today: string): boolean {
  return rebuilt !== false && (supportEnd === undefined || supportEnd >= today);
}

function compareMeasured(a: BaseOption, b: BaseOption, today: string): number {
  const [x, y] = [worth(a, today), worth(b, today)];
  for (const [index, value] of x.entries()) {
    const difference = value - (y[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.reference < b.reference ? -1 : a.reference > b.reference ? 1 : 0;
}

/** Numbers of which less is better, the weightiest first. */
function worth(option: BaseOption, today: string): readonly number[] {
  const { measured, changes } = option;
  if (!measured) return [];
  return [
    Number(!isMaintained(option, today)),
    ...[...severities.filter((level) => level !== "info"), "unknown" as const].map(
      (level) => measured.advisories[level],
    ),
    measured.storedBytes ?? measured.bytes,
    changes.length,
  ];
}
