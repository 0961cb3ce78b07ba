import type { PlanMatch, Remedy } from "../plan-subject.ts";
import { fixable, vulnerablePackages, type VulnerablePackage } from "../vulnerable-packages.ts";

export const lockFileBump: Remedy = {
  id: "lock-file-bump",
  summary: "Versions raised in the lock file that names them",
  *propose(subject) {
    const byFile = new Map<string, VulnerablePackage[]>();
    for (const one of vulnerablePackages(subject)) {
      const { kind, file } = one.cause;
      if (kind !== "lock-file" || file === undefined || fixable([one]).length === 0) continue;
      byFile.set(file, [...(byFile.get(file) ?? []), one]);
    }
    for (const [file, packages] of byFile) {
      const shown = packages.slice(0, 4).map(sayRaise);
      const more = packages.length - shown.length;
      yield {
        key: file,
        title: `Raise in ${file}: ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
        safety: "assisted",
        resolves: [],
        closes: fixable(packages),
        notes: packages.slice(4).map(sayRaise),
      };
    }
  },
};

function sayRaise({ package: one, matches }: VulnerablePackage): string {
  const targets = new Set(matches.flatMap(({ fixedIn }: PlanMatch) => fixedIn ?? []));
  // Which of several versions is the highest its ecosystem knows; each of them is needed.
  return `${one.name} ${one.version} to ${[...targets].sort().join(" and ")} or later`;
}
