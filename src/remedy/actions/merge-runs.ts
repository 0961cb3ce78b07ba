import { groupedRemedy } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";

export const mergeRuns: Remedy = groupedRemedy({
  id: "merge-runs",
  summary: "RUNs that belong together in one layer",
  title: "Join RUNs, so that what one step leaves the same layer drops",
});
