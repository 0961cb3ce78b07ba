import { groupedRemedy } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";

export const cleanCaches: Remedy = groupedRemedy({
  id: "clean-caches",
  summary: "Caches, package lists and archives that are dropped in the step that made them",
  title: "Drop caches, lists and archives in the step that made them",
});
