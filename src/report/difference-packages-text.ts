import type { createColors } from "picocolors";
import type { DifferenceDocument, VulnerabilityChange } from "./difference.ts";
import { escapeLine } from "./escape.ts";

type Colors = ReturnType<typeof createColors>;

const shownPackages = 20;
const shownVulnerabilities = 10;

/** Packages that came, went or changed their version. */
export function packageLines({ packages = [] }: DifferenceDocument, colors: Colors, quiet: boolean): readonly string[] {
  if (packages.length === 0) return [];
  const added = packages.filter(({ before }) => before.length === 0).length;
  const removed = packages.filter(({ after }) => after.length === 0).length;
  const head = `${colors.bold("Packages")}: ${added} added, ${removed} removed, ${packages.length - added - removed} in other versions`;
  if (quiet) return ["", head];
  return [
    "",
    head,
    ...packages.slice(0, shownPackages).map(({ type, name, before, after }) => {
      const mark = before.length === 0 ? "+" : after.length === 0 ? "-" : "~";
      const versions = [before, after].filter((list) => list.length > 0).map((list) => list.map(escapeLine).join(", "));
      return `  ${mark} ${escapeLine(name)} ${colors.dim(`${versions.join(" → ")}  ${type}`)}`;
    }),
    ...(packages.length > shownPackages ? [colors.dim(`  and ${packages.length - shownPackages} more`)] : []),
  ];
}

/** Vulnerabilities that are gone, and those that came. */
export function vulnerabilityLines({ vulnerabilities }: DifferenceDocument, colors: Colors): readonly string[] {
  if (!vulnerabilities) return [];
  const { fixed, new: added, remaining, asOf } = vulnerabilities;
  if (fixed.length + added.length === 0) return [];
  const list = (mark: string, changes: readonly VulnerabilityChange[]): readonly string[] => [
    ...changes
      .slice(0, shownVulnerabilities)
      .map(({ id, level, packages }) => `  ${mark} ${id} ${level} ${colors.dim(packages.map(escapeLine).join(", "))}`),
    ...(changes.length > shownVulnerabilities
      ? [colors.dim(`  ${mark} and ${changes.length - shownVulnerabilities} more`)]
      : []),
  ];
  return [
    "",
    `${colors.bold("Vulnerabilities")}: ${colors.green(`${fixed.length} gone`)}${byLevel(fixed)}, ${added.length > 0 ? colors.red(`${added.length} new`) : "none new"}${byLevel(added)}, ${remaining} remain; as of ${asOf}`,
    ...list("-", fixed),
    ...list("+", added),
  ];
}

function byLevel(changes: readonly VulnerabilityChange[]): string {
  const counts = new Map<string, number>();
  for (const { level } of changes) counts.set(level, (counts.get(level) ?? 0) + 1);
  return counts.size === 0 ? "" : ` (${[...counts].map(([level, count]) => `${count} ${level}`).join(", ")})`;
}
