import type { Remedy } from "../plan-subject.ts";
import { fixable, sayPackages, vulnerablePackages, type VulnerablePackage } from "../vulnerable-packages.ts";

export const binaryRebuild: Remedy = {
  id: "binary-rebuild",
  summary: "Programs that hold vulnerable packages inside, taken in a newer build",
  *propose(subject) {
    const byFile = new Map<string, VulnerablePackage[]>();
    for (const one of vulnerablePackages(subject)) {
      const { kind, file } = one.cause;
      if (kind !== "bundled-binary" || file === undefined || fixable([one]).length === 0) continue;
      byFile.set(file, [...(byFile.get(file) ?? []), one]);
    }
    for (const [file, packages] of byFile)
      yield {
        key: file,
        title: `Take a newer build of /${file}, which holds ${sayPackages(packages.map(({ package: one }) => `${one.name} ${one.version}`))}`,
        safety: "assisted",
        resolves: [],
        closes: fixable(packages),
        notes: ["what is compiled into a program cannot be replaced in place"],
      };
  },
};
