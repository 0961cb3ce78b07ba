import { groupedRemedy } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";

export const dockerignore: Remedy = groupedRemedy({
  id: "dockerignore",
  summary: "What the build context need not hold",
  title: "Leave out of the context what the build does not need",
});
