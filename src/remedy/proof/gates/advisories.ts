import { severities, type Severity, severityRank } from "../../../core/index.ts";
import { firstFew, type Gate } from "../gate.ts";
import type { OpenAdvisory } from "../side.ts";

export const advisories: Gate = {
  id: "advisories",
  summary: "no advisory came at or above the threshold",
  needs: "images",
  check(before, after, { failOn, scope }) {
    if (!before.advisories || !after.advisories) return { ok: true, detail: "advisories were not looked up" };
    const known = new Set(before.advisories.map(({ id, package: name }) => `${id} ${name}`));
    const came = atLeast(after.advisories, failOn)
      .map(({ id, package: name }) => `${id} ${name}`)
      .filter((one) => !known.has(one));
    const detail = `${before.advisories.length} before, ${after.advisories.length} after`;
    if (came.length === 0) return { ok: true, detail };
    // Another base has other packages with advisories of their own: there, none of the severities may grow.
    const traded = scope.packages === "any" && noneGrows(before.advisories, after.advisories, failOn);
    return { ok: traded, detail: `${detail}; new: ${firstFew(came)}` };
  },
};

function atLeast(all: readonly OpenAdvisory[], failOn: Severity | "none"): readonly OpenAdvisory[] {
  return all.filter(
    ({ severity }) => failOn !== "none" && severity !== "unknown" && severityRank(severity) <= severityRank(failOn),
  );
}

/** Counted from the most severe down, so that a critical one is not made up for by many medium ones. */
function noneGrows(
  before: readonly OpenAdvisory[],
  after: readonly OpenAdvisory[],
  failOn: Severity | "none",
): boolean {
  return severities
    .filter((severity) => failOn !== "none" && severityRank(severity) <= severityRank(failOn))
    .every((severity) => atLeast(after, severity).length <= atLeast(before, severity).length);
}
