import type { Edit } from "../../core/index.ts";
import { pinOf } from "../root-cause.ts";
import type { Remedy } from "../plan-subject.ts";
import { fixable, sayPackages, vulnerablePackages, type VulnerablePackage } from "../vulnerable-packages.ts";

export const packageUnpin: Remedy = {
  id: "package-unpin",
  summary: "Packages that are held at a vulnerable version, let go",
  *propose(subject) {
    const byPath = new Map<string, { readonly packages: VulnerablePackage[]; readonly edits: Edit[] }>();
    for (const one of vulnerablePackages(subject)) {
      const pin = one.cause.kind === "pin" && one.cause.at ? pinOf(one.package, subject) : undefined;
      const path = one.cause.at?.path;
      if (!pin || path === undefined || fixable([one]).length === 0) continue;
      const { packages, edits } = byPath.get(path) ?? { packages: [], edits: [] };
      byPath.set(path, { packages, edits });
      packages.push(one);
      if (!edits.some(({ range }) => range.start === pin.range.start)) edits.push({ path, range: pin.range, text: "" });
    }
    for (const [path, { packages, edits }] of byPath)
      yield {
        key: path,
        title: `Let ${sayPackages(packages.map((one) => one.package.name))} be the newest of the distribution's release`,
        safety: "likely",
        edits,
        resolves: [],
        closes: fixable(packages),
        notes: ["mirrors drop old versions, so that a pin breaks the build in the end"],
      };
  },
};
