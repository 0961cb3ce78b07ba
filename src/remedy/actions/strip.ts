import { groupedRemedy } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";

export const strip: Remedy = groupedRemedy({
  id: "strip",
  summary: "Binaries without debug symbols",
  title: "Strip debug symbols from what ships",
});
