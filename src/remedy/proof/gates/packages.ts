import type { Package } from "../../../packages/index.ts";
import { firstFew, type Gate } from "../gate.ts";

export const packages: Gate = {
  id: "packages",
  summary: "packages only as planned",
  needs: "images",
  check(before, after, { scope }) {
    if (!before.packages || !after.packages) return { ok: true, detail: "packages were not looked for" };
    const had = namesOf(before.packages);
    const has = namesOf(after.packages);
    const lost = [...had].filter((name) => !has.has(name)).sort();
    const gained = [...has].filter((name) => !had.has(name)).sort();
    const detail = `${had.size} before, ${has.size} after`;
    if (scope.packages !== "any" && gained.length > 0)
      return { ok: false, detail: `${detail}; came: ${firstFew(gained)}` };
    if (scope.packages === "same" && lost.length > 0)
      return { ok: false, detail: `${detail}; went: ${firstFew(lost)}` };
    return { ok: true, detail: lost.length === 0 ? detail : `${detail}; went: ${firstFew(lost)}` };
  },
};

function namesOf(all: readonly Package[]): ReadonlySet<string> {
  return new Set(all.map(({ type, name }) => `${type}/${name}`));
}
