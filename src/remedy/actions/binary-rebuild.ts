import { schemeFor } from "../../advisories/index.ts";
import { type Dockerfile, type FromInstruction, replaceRange } from "../../syntax/index.ts";
import type { PlanMatch, PlanSubject, Proposal, Remedy } from "../plan-subject.ts";
import { fixable, sayPackages, vulnerablePackages, type VulnerablePackage } from "../vulnerable-packages.ts";

export const binaryRebuild: Remedy = {
  id: "binary-rebuild",
  summary: "Programs that hold vulnerable packages inside, taken in a newer build, or built with a newer Go",
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
    yield* newerGo([...byFile.values()].flat(), subject);
  },
};

/** Go's own library comes with the compiler: the stage that has it is to stand on the line that has the fixes. */
function* newerGo(packages: readonly VulnerablePackage[], { dockerfiles, image }: PlanSubject): Iterable<Proposal> {
  const closes = fixable(packages.filter(({ package: one }) => one.name === "stdlib" && one.type === "golang"));
  const line = newestLine(closes);
  const dockerfile = image?.dockerfile === undefined ? undefined : dockerfiles.get(image.dockerfile);
  if (line === undefined || !dockerfile) return;
  const edits = compilers(dockerfile).flatMap(({ from, minor, reference }) =>
    minor < line ? [replaceRange(dockerfile, from.image.range, withLine(reference, line))] : [],
  );
  if (edits.length === 0) return;
  yield {
    key: `${dockerfile.source.path}:go`,
    title: `Build with Go 1.${line}, if the program builds with it`,
    safety: "likely",
    edits,
    resolves: [],
    closes,
    notes: ["programs hold the library of the Go that built them"],
  };
}

/** The same variant; an Alpine release of long ago has no newer Go. */
function withLine(reference: string, line: number): string {
  return reference.replace(/1\.\d+(?:\.\d+)?/, `1.${line}`).replace(/-alpine[\d.]+$/, "-alpine");
}

/** The minor version of Go 1 that has all fixes: of those that were released, the highest that one of them names. */
function newestLine(closes: readonly PlanMatch[]): number | undefined {
  const scheme = schemeFor("Go");
  const fixes = closes.flatMap(({ fixedIn }) => (/^v?1\.\d+\.\d+$/.test(fixedIn ?? "") ? [fixedIn ?? ""] : []));
  const [highest] = fixes.toSorted((a, b) => scheme?.compare(b, a) ?? 0);
  const minor = highest === undefined ? undefined : /^v?1\.(\d+)/.exec(highest)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

interface Compiler {
  readonly from: FromInstruction;
  readonly reference: string;
  readonly minor: number;
}

/** The stages on an official image of Go that name its version; of others a newer build with --pull is all that it takes. */
function compilers(dockerfile: Dockerfile): readonly Compiler[] {
  return dockerfile.stages.flatMap(({ from, base }): Compiler[] => {
    if (!from || base.kind !== "image" || base.reference === undefined) return [];
    const { raw, value } = from.image;
    const minor = /^(?:docker\.io\/)?(?:library\/)?golang:1\.(\d+)(?:\.\d+)?(?:-[a-z0-9.-]+)?$/.exec(raw)?.[1];
    return minor === undefined || raw !== value ? [] : [{ from, reference: raw, minor: Number(minor) }];
  });
}
