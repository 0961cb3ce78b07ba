import type { Package } from "../../../packages/index.ts";
import { explainedByBase } from "../explained-by-base.ts";
import { firstFew, type Gate } from "../gate.ts";
import type { Scope } from "../scope.ts";
import type { ProvedImage, ProvedPackage } from "../side.ts";

export const packages: Gate = {
  id: "packages",
  summary: "packages only as planned",
  needs: "images",
  check(before, after, { scope }) {
    if (!before.packages || !after.packages) return { ok: true, detail: "packages were not looked for" };
    const had = namesOf(before.packages);
    const has = namesOf(after.packages);
    const lost = [...had].filter((name) => !has.has(name)).sort();
    const gained = after.packages.filter((one) => !had.has(nameOf(one)));
    const unplanned = gained.filter((one) => !mayCome(one, scope, before, after));
    const detail = `${had.size} before, ${has.size} after`;
    if (unplanned.length > 0)
      return { ok: false, detail: `${detail}; came: ${firstFew([...namesOf(unplanned)].sort())}` };
    if (scope.packages === "same" && lost.length > 0)
      return { ok: false, detail: `${detail}; went: ${firstFew(lost)}` };
    const came = gained.length === 0 ? "" : `; came with the base: ${firstFew([...namesOf(gained)].sort())}`;
    return { ok: true, detail: `${detail}${came}${lost.length === 0 ? "" : `; went: ${firstFew(lost)}`}` };
  },
};

function mayCome(one: ProvedPackage, { packages: may }: Scope, before: ProvedImage, after: ProvedImage): boolean {
  return may === "any" || (may === "base" && explainedByBase(one, before, after));
}

function nameOf({ type, name }: Package): string {
  return `${type}/${name}`;
}

function namesOf(all: readonly Package[]): ReadonlySet<string> {
  return new Set(all.map(nameOf));
}
