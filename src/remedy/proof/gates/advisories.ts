import { severityRank } from "../../../core/index.ts";
import { firstFew, type Gate } from "../gate.ts";

export const advisories: Gate = {
  id: "advisories",
  summary: "no advisory came at or above the threshold",
  needs: "images",
  check(before, after, { failOn }) {
    if (!before.advisories || !after.advisories) return { ok: true, detail: "advisories were not looked up" };
    const known = new Set(before.advisories.map(({ id, package: name }) => `${id} ${name}`));
    const came = after.advisories
      .filter(
        ({ severity }) => failOn !== "none" && severity !== "unknown" && severityRank(severity) <= severityRank(failOn),
      )
      .map(({ id, package: name }) => `${id} ${name}`)
      .filter((one) => !known.has(one));
    const detail = `${before.advisories.length} before, ${after.advisories.length} after`;
    return came.length > 0 ? { ok: false, detail: `${detail}; new: ${firstFew(came)}` } : { ok: true, detail };
  },
};
