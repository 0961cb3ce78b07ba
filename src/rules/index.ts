import * as list from "./list.ts";
import type { Rule } from "./rule.ts";

export { runRule } from "./run.ts";
export type { Aim, Known, Rule, SitePolicy, Subjects, TextExample } from "./rule.ts";

/** Every rule Plimsoll ships, sorted by id. */
export const builtInRules: readonly Rule<"dockerfile">[] = Object.values(list).sort((a, b) => (a.id < b.id ? -1 : 1));

/** Site policy when nothing is said. */
export { defaultSitePolicy } from "./site-policy.ts";
