import { severities, type Severity, severityRank } from "../../../core/index.ts";
import { explainedByBase, isOfBase } from "../explained-by-base.ts";
import { firstFew, type Gate } from "../gate.ts";
import type { OpenAdvisory } from "../side.ts";

/**
 * No advisory may come at or above the threshold. Another base is the one exception, for it has packages of its own and they have
 * advisories of their own: what the change of base explains is a trade, and holds where for every severity from the threshold up,
 * counted from the most severe down, no more came than went of the distribution's packages and the base's: whether the base or a
 * step on top of it brings one of those is often chance. What is known to be exploited is traded for nothing. A change that does
 * not declare another base trades nothing, and neither does what the project itself brings. Whoever compares two images without
 * saying what was meant to change (`prove A B`) is held to the trade for everything.
 */
export const advisories: Gate = {
  id: "advisories",
  summary: "no advisory came at or above the threshold, but in exchange for as many with another base",
  needs: "images",
  check(before, after, { failOn, scope }) {
    if (!before.advisories || !after.advisories) return { ok: true, detail: "advisories were not looked up" };
    const detail = `${before.advisories.length} before, ${after.advisories.length} after`;
    if (failOn === "none") return { ok: true, detail };
    const traded = (one: OpenAdvisory): boolean =>
      scope.trades === "all" || (scope.trades === "base" && explainedByBase(one, before, after));
    const came = atLeast(without(after.advisories, before.advisories), failOn);
    if (came.length === 0) return { ok: true, detail };
    const wrong = came.filter((one) => one.exploited === true || !traded(one));
    if (wrong.length > 0) return { ok: false, detail: `${detail}; new: ${firstFew(wrong.map(named))}` };
    const went = atLeast(without(before.advisories, after.advisories), failOn).filter(
      (one) => scope.trades === "all" || isOfBase(one),
    );
    const worse = severities.find(
      (severity) =>
        severityRank(severity) <= severityRank(failOn) &&
        atLeast(came, severity).length > atLeast(went, severity).length,
    );
    const said = (least: Severity): string =>
      `with another base ${atLeast(came, least).length} of severity ${least} or above came and ${atLeast(went, least).length} went`;
    if (worse === undefined) return { ok: true, detail: `${detail}; ${said(failOn)}` };
    return { ok: false, detail: `${detail}; ${said(worse)}: ${firstFew(atLeast(came, worse).map(named))}` };
  },
};

/** Those of the first that the second does not have: an advisory of another package is another one. */
function without(all: readonly OpenAdvisory[], others: readonly OpenAdvisory[]): readonly OpenAdvisory[] {
  const known = new Set(others.map(named));
  return all.filter((one) => !known.has(named(one)));
}

function named({ id, package: name }: OpenAdvisory): string {
  return `${id} ${name}`;
}

function atLeast(all: readonly OpenAdvisory[], least: Severity): readonly OpenAdvisory[] {
  return all.filter(({ severity }) => severity !== "unknown" && severityRank(severity) <= severityRank(least));
}
