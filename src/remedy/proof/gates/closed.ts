import type { Action } from "../../action.ts";
import type { PlanMatch } from "../../plan-subject.ts";
import { firstFew, type Gate } from "../gate.ts";
import type { ProvedImage } from "../side.ts";

/**
 * An action that closes nothing of what it was to close is to blame: most often the version with the fix cannot be had from
 * where the build takes it. One that closes some of it is worth keeping, and what is left of it is told.
 */
export const closed: Gate = {
  id: "closed",
  summary: "what an action was to close is gone",
  needs: "images",
  check(before, after, { actions }) {
    if (!before.advisories || !after.advisories) return { ok: true, detail: "advisories were not looked up" };
    const blame = new Map<Action, string>();
    const left: PlanMatch[] = [];
    let total = 0;
    for (const action of actions) {
      const { closes = [] } = action;
      const open = stillOpen(closes, before, after);
      total += closes.length;
      left.push(...open);
      if (closes.length > 0 && open.length === closes.length) blame.set(action, `closed: ${sayLeft(open)}`);
    }
    if (blame.size > 0) return { ok: false, detail: sayLeft(left), blame };
    if (total === 0) return { ok: true, detail: "nothing was to be closed" };
    const detail = `${total - left.length} of ${total} advisories that were to go`;
    return { ok: true, detail: left.length === 0 ? detail : `${detail}; ${sayLeft(left)}` };
  },
};

/** Those that still hold for the package: as it was, or in the version that came in its place. */
function stillOpen(closes: readonly PlanMatch[], before: ProvedImage, after: ProvedImage): readonly PlanMatch[] {
  const had = new Set(before.advisories?.map(({ id, purl }) => `${id} ${purl}`));
  const has = new Set(after.advisories?.map(({ id, purl }) => `${id} ${purl}`));
  const came = new Set(
    after.advisories
      ?.filter(({ id, purl }) => !had.has(`${id} ${purl}`))
      .map(({ id, purl }) => `${id} ${unversioned(purl)}`),
  );
  return closes.filter(({ id, purl }) => has.has(`${id} ${purl}`) || came.has(`${id} ${unversioned(purl)}`));
}

/** In a purl every other "@" is encoded. */
function unversioned(purl: string): string {
  return purl.slice(0, purl.includes("@") ? purl.indexOf("@") : undefined);
}

function sayLeft(left: readonly PlanMatch[]): string {
  const said = left.map(({ id, purl, fixedIn }) => {
    const name = unversioned(purl).slice(purl.lastIndexOf("/", purl.indexOf("@")) + 1);
    return `${id} in ${name}${fixedIn === undefined ? "" : `, which ${fixedIn} fixes and could not be had`}`;
  });
  return `still open: ${firstFew(said)}`;
}
