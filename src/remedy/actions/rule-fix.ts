import type { Finding } from "../../core/index.ts";
import { gatherFixes } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";
import { isGrouped } from "../rule-groups.ts";

export const ruleFix: Remedy = {
  id: "rule-fix",
  summary: "The fixes of every other rule, each rule's together",
  *propose({ findings, image }) {
    const byRule = new Map<string, Finding[]>();
    for (const finding of findings) {
      if (isGrouped(finding.rule) || !finding.fix) continue;
      byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
    }
    for (const rule of [...byRule.keys()].sort())
      for (const proposal of gatherFixes(byRule.get(rule) ?? [], image, `Fix ${rule}`))
        yield { ...proposal, key: `${rule}:${proposal.key}` };
  },
};
