import { checkLinkage } from "../linkage.ts";
import { firstFew, type Gate } from "../gate.ts";
import { scriptsWithoutInterpreter } from "../scripts.ts";

export const linkage: Gate = {
  id: "linkage",
  summary: "every program's libraries and interpreter, and every script's interpreter, are there",
  needs: "images",
  check(before, after) {
    const had = checkLinkage(before);
    const has = checkLinkage(after);
    const known = new Set(had.broken);
    const broken = [...has.broken.filter((one) => !known.has(one)), ...scriptsWithoutInterpreter(before, after)];
    if (broken.length > 0) return { ok: false, detail: firstFew(broken) };
    const said = `${after.programs.files.size} programs, libraries and scripts are complete`;
    const old = had.broken.length > 0 ? `, but for ${has.broken.length} that were not before` : "";
    return { ok: true, detail: has.complete && had.complete ? `${said}${old}` : `${said}, as far as was looked` };
  },
};
