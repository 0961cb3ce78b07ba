import type { ScannedPackage } from "../scan-document.ts";

/** Architectures of one distribution's package; more packages of one name are versions that stand beside each other. */
const mostCandidates = 16;

/** The purls of what each package needs, sorted; a name that several packages answer to is no evidence for any of them. */
export function dependenciesOf(packages: readonly ScannedPackage[]): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, ScannedPackage[]>();
  for (const one of packages) {
    const key = `${one.type}\t${one.name}`;
    const same = byName.get(key);
    if (same) same.push(one);
    else byName.set(key, [one]);
  }
  const needs = new Map<string, readonly string[]>();
  for (const one of packages) {
    const found = new Set<string>();
    for (const name of one.requires ?? []) {
      const candidates = byName.get(`${one.type}\t${name}`) ?? [];
      if (candidates.length > mostCandidates) continue;
      const fitting = candidates.length > 1 ? candidates.filter(({ arch }) => arch === one.arch) : candidates;
      const [only] = fitting;
      if (only && fitting.length === 1 && only.purl !== one.purl) found.add(only.purl);
    }
    if (found.size > 0) needs.set(one.purl, [...found].sort());
  }
  return needs;
}
