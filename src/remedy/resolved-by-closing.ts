import type { Finding } from "../core/index.ts";
import type { PlanMatch, PlanPackage, PlanSubject } from "./plan-subject.ts";
import { isOfBase } from "./root-cause.ts";
import { vulnerableRule } from "./rule-groups.ts";

/**
 * Which findings about vulnerable packages are gone when some vulnerabilities are: those of which none is left. A finding names
 * one package and stands for all that is built from the same source and came in with it; one about the base, or about a layer
 * nobody knows more of, for all of its packages.
 */
export function resolvedByClosing(subject: PlanSubject): (closes: readonly PlanMatch[]) => readonly Finding[] {
  const { image } = subject;
  if (!image) return () => [];
  const packages = new Map(image.packages.map((one) => [one.purl, one]));
  const groupOf = (one: PlanPackage): string => {
    if (isOfBase(one, image)) return "base";
    const layer = String(one.layerIndex ?? "");
    if (one.source && one.origin?.kind === "unknown") return `layer ${layer}`;
    return one.source ? `${layer} ${one.type} ${one.source.name} ${one.source.version}` : one.purl;
  };
  const members = new Map<string, Set<string>>();
  for (const { id, purl } of image.matches) {
    const one = packages.get(purl);
    if (!one) continue;
    const group = groupOf(one);
    const keys = members.get(group) ?? new Set();
    members.set(group, keys);
    keys.add(`${id} ${purl}`);
  }
  const found = subject.findings.flatMap((finding) => {
    const one = finding.rule === vulnerableRule && finding.about ? packages.get(finding.about.purl) : undefined;
    const keys = one && members.get(groupOf(one));
    return keys ? [{ finding, keys }] : [];
  });
  return (closes) => {
    if (closes.length === 0) return [];
    const closed = new Set(closes.map(({ id, purl }) => `${id} ${purl}`));
    return found.flatMap(({ finding, keys }) => ([...keys].every((key) => closed.has(key)) ? [finding] : []));
  };
}
