import { groupedRemedy } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";

export const healthcheck: Remedy = groupedRemedy({
  id: "healthcheck",
  summary: "A HEALTHCHECK",
  title: "Say how to see that the program works",
});
