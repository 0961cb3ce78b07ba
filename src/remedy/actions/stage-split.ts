import { groupedRemedy } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";

export const stageSplit: Remedy = groupedRemedy({
  id: "stage-split",
  summary: "Building in one stage and shipping another",
  title: "Build in stages of their own and ship what is built",
});
