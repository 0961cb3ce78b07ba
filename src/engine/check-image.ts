import type { Finding } from "../core/index.ts";
import { formatPlatform, hiddenFiles, type Keeper, keptView } from "../image/index.ts";
import type { ReportedImage } from "../report/index.ts";
import type { ImageFacts, Rule, Subjects } from "../rules/index.ts";
import type { Dockerfile, Instruction } from "../syntax/index.ts";
import type { Engine, LintResult } from "./engine.ts";
import type { ExaminedImage } from "./examine-image.ts";
import { symbolsIn } from "./symbol-keeper.ts";
import type { Policy } from "./policy.ts";

/** What was found in an image. */
export interface ImageCheck extends LintResult {
  readonly reported: ReportedImage;
}

/** What rules may know of an image's packages. */
export type ScannedFacts = Pick<ImageFacts, "packages" | "vulnerabilities" | "release">;
const nothingScanned: ScannedFacts = { packages: [], vulnerabilities: [] };

/** For those who tell of vulnerabilities in their own way. */
export function packagesAlone({ packages }: Pick<ScannedFacts, "packages">): ScannedFacts {
  return { packages, vulnerabilities: [] };
}

const ruleKeeperId = "rules/1";
const mostForRules = 1 << 20;

/** Keeps the small files that some rule reads. */
export function ruleKeeper(rules: readonly Rule<"image">[]): Keeper {
  const wanting = rules.filter((rule) => rule.wants !== undefined);
  return {
    id: ruleKeeperId,
    wants: (path, { size }) => size <= mostForRules && wanting.some((rule) => rule.wants?.(path)),
  };
}

/** Runs the image rules over an image that was examined with `ruleKeeper` among its keepers. */
export function checkImage(
  engine: Engine,
  examined: ExaminedImage,
  policy: Policy,
  scanned: ScannedFacts = nothingScanned,
  dockerfile?: Dockerfile,
): ImageCheck {
  const { image, merged, scans, weight } = examined;
  const facts: ImageFacts = {
    reference: image.reference,
    digest: image.digest,
    platform: image.platform,
    config: image.config,
    weight,
    ...scanned,
  };
  const subject: Subjects["image"] = {
    image: facts,
    files: merged.tree,
    contents: keptView(merged, scans, ruleKeeperId),
    hidden: hiddenFiles(merged, scans, ruleKeeperId),
    symbols: symbolsIn(merged, scans),
  };
  const result = engine.judgeImage(subject, policy, dockerfile);
  const gaps = [...examined.gaps, ...result.gaps].map((gap) => ({
    ...gap,
    subject: `${image.reference}: ${gap.subject}`,
  }));
  return { ...result, gaps, reported: reportImage(examined, result.findings) };
}

function reportImage({ image, weight }: ExaminedImage, findings: readonly Finding[]): ReportedImage {
  return {
    reference: image.reference,
    digest: image.digest,
    platform: formatPlatform(image.platform),
    findings: findings.length,
    layers: weight.layers.length,
    baseLayers: weight.baseLayers,
    bytes: weight.total,
    visible: weight.visible,
    storedBytes: weight.layers.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
  };
}

/**
 * What the image and its Dockerfile both tell of one instruction is told once: the finding in the Dockerfile, with the bytes
 * that were measured in the image in place of an estimate. Which image rules are about the same as which others, they say
 * themselves (`measures`); a finding about the image as a whole joins any of the file.
 * @returns the Dockerfile's findings, and those of `inImage` that were joined to one of them
 */
export function joinFindings(
  findings: readonly Finding[],
  inImage: readonly Finding[],
  rules: readonly Rule<"image">[],
  dockerfile: Dockerfile,
): { readonly findings: readonly Finding[]; readonly joined: ReadonlySet<Finding> } {
  const measures = new Map(rules.map(({ id, measures: measured }) => [id, measured ?? []]));
  const joined = new Set<Finding>();
  const result = findings.map((finding) => {
    const { at } = finding;
    if (at.kind !== "source" || at.path !== dockerfile.source.path) return finding;
    const instruction = dockerfile.instructions.find(
      ({ range }) => range.start <= at.range.start && at.range.start < range.end,
    );
    const same = inImage.filter(
      (one) => measures.get(one.rule)?.includes(finding.rule) && (!one.related || broughtBy(one, instruction, at.path)),
    );
    if (same.length === 0) return finding;
    for (const one of same) joined.add(one);
    return { ...finding, ...sumOf(same) };
  });
  return { findings: result, joined };
}

function broughtBy({ related }: Finding, instruction: Instruction | undefined, path: string): boolean {
  return (related ?? []).some(
    ({ at }) => at.kind === "source" && at.path === path && at.range.start === instruction?.range.start,
  );
}

function sumOf(measured: readonly Finding[]): Pick<Finding, "bytes" | "storedBytes"> {
  const sum = (of: "bytes" | "storedBytes"): Pick<Finding, "bytes" | "storedBytes"> => {
    const values = measured.flatMap((one) => one[of]?.value ?? []);
    return values.length === 0
      ? {}
      : { [of]: { value: values.reduce((total, value) => total + value, 0), basis: "measured" } };
  };
  return { ...sum("bytes"), ...sum("storedBytes") };
}
