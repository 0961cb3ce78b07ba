import { gatherFixes, sumOf } from "../grouped-fixes.ts";
import type { Remedy } from "../plan-subject.ts";
import { ruleGroups } from "../rule-groups.ts";
import { sayPackages, vulnerablePackages } from "../vulnerable-packages.ts";

const rules: ReadonlySet<string> = new Set(ruleGroups["package-removal"]);

export const packageRemoval: Remedy = {
  id: "package-removal",
  summary: "Packages that nothing needs at run time, left out",
  *propose(subject) {
    const { findings, image } = subject;
    const found = findings.filter(({ rule }) => rules.has(rule));
    const own = new Set(image?.weight.layers.slice(image.weight.baseLayers).map(({ diffId }) => diffId));
    const told = found.filter(
      ({ rule, at }) =>
        rule === "image-build-tools" && at.kind === "image" && at.layer !== undefined && own.has(at.layer),
    );
    yield* gatherFixes(
      found.filter((finding) => !told.includes(finding)),
      subject,
      "Leave out packages that nothing needs at run time",
    );
    const tools = vulnerablePackages(subject).filter(({ cause }) => cause.kind === "not-needed" && cause.at);
    if (tools.length === 0 && told.length === 0) return;
    const installed = tools.reduce((sum, one) => sum + (one.package.installedBytes ?? 0), 0);
    const bytes =
      sumOf(told, "bytes") ?? (installed > 0 ? { value: installed, basis: "estimated" as const } : undefined);
    const storedBytes = sumOf(told, "storedBytes");
    const places = [...new Set(tools.flatMap(({ cause }) => (cause.at ? [`${cause.at.path}:${cause.at.line}`] : [])))];
    yield {
      key: "build-tools",
      title:
        tools.length === 0
          ? "Build in a first stage, so that no build tools ship"
          : `Build in a first stage: ${sayPackages(tools.map((one) => one.package.name))} (${places.join(", ")}) need not ship`,
      safety: "assisted",
      resolves: told,
      closes: tools.flatMap(({ matches }) => matches),
      ...(bytes ? { bytes } : {}),
      ...(storedBytes ? { storedBytes } : {}),
    };
  },
};
