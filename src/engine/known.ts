import type { Known, SitePolicy } from "../rules/index.ts";

/** What rules may know: the site's policy, and the facts compiled into Plimsoll. */
export function createKnown(policy: SitePolicy): Known {
  return {
    policy,
    tag: () => undefined,
    repository: () => undefined,
    base: () => ({ family: "unknown", readyUsers: [], userTools: [], tools: [], absent: [], asOf: "" }),
  };
}
