import type {
  DifferenceDocument,
  PackageChange,
  ScanDocument,
  ScannedMatch,
  VulnerabilityChange,
} from "../report/index.ts";
import { levels } from "./count-matches.ts";

/** Packages and vulnerabilities that one of two scans has and the other has not, or has otherwise. */
export function compareScans(
  before: ScanDocument,
  after: ScanDocument,
): Pick<DifferenceDocument, "packages" | "vulnerabilities"> {
  const had = vulnerabilitiesOf(before.matches);
  const has = vulnerabilitiesOf(after.matches);
  return {
    packages: comparePackages(before, after),
    vulnerabilities: {
      asOf: after.store.asOf,
      fixed: [...had.values()].filter(({ id }) => !has.has(id)).sort(byWorst),
      new: [...has.values()].filter(({ id }) => !had.has(id)).sort(byWorst),
      remaining: [...has.keys()].filter((id) => had.has(id)).length,
    },
  };
}

function comparePackages(before: ScanDocument, after: ScanDocument): readonly PackageChange[] {
  const names = new Map<string, { type: string; name: string; before: Set<string>; after: Set<string> }>();
  for (const [side, { packages }] of [
    ["before", before],
    ["after", after],
  ] as const)
    for (const { type, name, version } of packages) {
      const key = `${type}\t${name}`;
      const known = names.get(key) ?? { type, name, before: new Set<string>(), after: new Set<string>() };
      known[side].add(version);
      names.set(key, known);
    }
  return [...names.keys()].sort().flatMap((key): PackageChange[] => {
    const one = names.get(key);
    if (!one) return [];
    const [old, now] = [[...one.before].sort(), [...one.after].sort()];
    return old.join("\n") === now.join("\n") ? [] : [{ type: one.type, name: one.name, before: old, after: now }];
  });
}

/** One a vulnerability, with its worst level: a package that only moved to another path has not fixed it. */
function vulnerabilitiesOf(matches: readonly ScannedMatch[]): ReadonlyMap<string, VulnerabilityChange> {
  const found = new Map<string, VulnerabilityChange>();
  for (const { id, level, name } of matches) {
    const known = found.get(id);
    const worst = known && levels.indexOf(known.level) < levels.indexOf(level) ? known.level : level;
    const packages = [...new Set([...(known?.packages ?? []), name])].sort();
    found.set(id, { id, level: worst, packages });
  }
  return found;
}

function byWorst(a: VulnerabilityChange, b: VulnerabilityChange): number {
  return levels.indexOf(a.level) - levels.indexOf(b.level) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
