import type { Finding } from "../../core/index.ts";
import { gatherFixes } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";
import { isGrouped } from "../rule-groups.ts";

export const ruleFix: Remedy = {
  id: "rule-fix",
  summary: "The fixes of every other rule, each rule's together",
  *propose(subject) {
    const byRule = new Map<string, Finding[]>();
    for (const finding of subject.findings) {
      if (isGrouped(finding.rule) || !finding.fix) continue;
      byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
    }
    for (const rule of [...byRule.keys()].sort()) {
      const found = byRule.get(rule) ?? [];
      const title = `${found[0]?.fix?.title ?? rule}; and the like`;
      for (const proposal of gatherFixes(found, subject, title)) yield { ...proposal, key: `${rule}:${proposal.key}` };
    }
  },
};
