import { groupedRemedy } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";

export const digestPin: Remedy = groupedRemedy({
  id: "digest-pin",
  summary: "Bases named by their digest as well as their tag",
  title: "Pin bases by the digest of their index",
});
