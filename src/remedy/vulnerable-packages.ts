import type { PlanImage, PlanMatch, PlanPackage, PlanSubject } from "./plan-subject.ts";
import { type RootCause, rootCauseOf } from "./root-cause.ts";

/** A package with what is known against it and why it is there. */
export interface VulnerablePackage {
  readonly package: PlanPackage;
  readonly matches: readonly PlanMatch[];
  readonly cause: RootCause;
}

const found = new WeakMap<PlanSubject, readonly VulnerablePackage[]>();

/** The vulnerable packages of the image, sorted by purl; none without an image. Every remedy asks, and it is found once. */
export function vulnerablePackages(subject: PlanSubject): readonly VulnerablePackage[] {
  const known = found.get(subject);
  if (known) return known;
  const made = subject.image ? findVulnerable(subject.image, subject) : [];
  found.set(subject, made);
  return made;
}

function findVulnerable(image: PlanImage, subject: PlanSubject): readonly VulnerablePackage[] {
  const byPurl = new Map<string, PlanMatch[]>();
  for (const match of image.matches) {
    const list = byPurl.get(match.purl);
    if (list) list.push(match);
    else byPurl.set(match.purl, [match]);
  }
  const seen = new Set<string>();
  return image.packages
    .flatMap((one): VulnerablePackage[] => {
      const matches = byPurl.get(one.purl);
      if (!matches || seen.has(one.purl)) return [];
      seen.add(one.purl);
      return [{ package: one, matches, cause: rootCauseOf(one, image, subject) }];
    })
    .sort((a, b) => (a.package.purl < b.package.purl ? -1 : 1));
}

/** Those of some packages' vulnerabilities that a newer version of the package does not have. */
export function fixable(packages: readonly VulnerablePackage[]): readonly PlanMatch[] {
  return packages.flatMap(({ matches }) => matches.filter(({ fixedIn }) => fixedIn !== undefined));
}

/** "a, b, c and 4 more", each once. */
export function sayPackages(names: readonly string[], shown = 4): string {
  const all = [...new Set(names)].sort();
  return `${all.slice(0, shown).join(", ")}${all.length > shown ? ` and ${all.length - shown} more` : ""}`;
}
