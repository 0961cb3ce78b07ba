import { groupedRemedy } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";

export const secrets: Remedy = groupedRemedy({
  id: "secrets",
  summary: "Secrets that stay out of layers and history",
  title: "Keep secrets out of layers: a secret mount, or the run time's environment",
});
