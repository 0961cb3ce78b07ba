import type { Remedy } from "../plan-subject.ts";
import { fixable, sayPackages, vulnerablePackages, type VulnerablePackage } from "../vulnerable-packages.ts";
import { isOsPackage } from "../root-cause.ts";

export const rebuildLayer: Remedy = {
  id: "rebuild-layer",
  summary: "A layer made anew, so that it has what the distribution offers today",
  *propose(subject) {
    const byPlace = new Map<string, VulnerablePackage[]>();
    for (const one of vulnerablePackages(subject)) {
      const { kind, at } = one.cause;
      if (!at || !isOsPackage(one.package) || (kind !== "install" && kind !== "not-needed")) continue;
      const key = `${at.path}:${at.line}`;
      byPlace.set(key, [...(byPlace.get(key) ?? []), one]);
    }
    for (const [place, packages] of byPlace) {
      const closes = fixable(packages);
      if (closes.length === 0) continue;
      const names = packages.filter((one) => fixable([one]).length > 0).map((one) => one.package.name);
      yield {
        key: place,
        title: `Build without the cache: ${place} installs ${sayPackages(names)} as they were when it last ran`,
        safety: "assisted",
        resolves: [],
        closes,
        notes: ["docker build --no-cache, or an ARG above it that changes when it should run again"],
      };
    }
  },
};
