import { compareConfigs } from "../../../weight/index.ts";
import { firstFew, type Gate } from "../gate.ts";

export const config: Gate = {
  id: "config",
  summary: "the configuration differs only as planned",
  needs: "images",
  check(before, after, { scope }) {
    const changes = compareConfigs(before.config, after.config);
    const unplanned = changes.filter(({ name }) => !scope.config.test(name)).map(({ name }) => name);
    if (unplanned.length > 0) return { ok: false, detail: `not planned: ${firstFew(unplanned)}` };
    const names = changes.map(({ name }) => name);
    return { ok: true, detail: names.length === 0 ? "the same" : `changed as planned: ${firstFew(names)}` };
  },
};
