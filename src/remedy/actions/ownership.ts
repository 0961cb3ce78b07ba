import { groupedRemedy } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";

export const ownership: Remedy = groupedRemedy({
  id: "ownership",
  summary: "Owner and mode given while copying",
  title: "Give owner and mode while copying, so that no file is stored twice",
});
