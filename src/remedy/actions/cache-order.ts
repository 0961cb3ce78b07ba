import { groupedRemedy } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";

export const cacheOrder: Remedy = groupedRemedy({
  id: "cache-order",
  summary: "Steps in the order in which they change",
  title: "Put what seldom changes before what often does",
});
