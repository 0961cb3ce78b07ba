import { groupedRemedy } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";

export const nonRoot: Remedy = groupedRemedy({
  id: "non-root",
  summary: "A user of its own for the program",
  title: "Run as a user that is not root",
});
