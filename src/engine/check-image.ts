import type { Finding } from "../core/index.ts";
import { formatPlatform, type Keeper, keptView } from "../image/index.ts";
import type { Package } from "../packages/index.ts";
import type { ReportedImage } from "../report/index.ts";
import type { ImageFacts, Rule, Subjects } from "../rules/index.ts";
import type { Dockerfile } from "../syntax/index.ts";
import type { Engine, LintResult } from "./engine.ts";
import type { ExaminedImage } from "./examine-image.ts";
import type { Policy } from "./policy.ts";

/** What was found in an image. */
export interface ImageCheck extends LintResult {
  readonly reported: ReportedImage;
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
  packages: readonly Package[] = [],
  dockerfile?: Dockerfile,
): ImageCheck {
  const { image, merged, scans, weight } = examined;
  const facts: ImageFacts = {
    reference: image.reference,
    digest: image.digest,
    platform: image.platform,
    config: image.config,
    weight,
    packages,
  };
  const subject: Subjects["image"] = {
    image: facts,
    files: merged.tree,
    contents: keptView(merged, scans, ruleKeeperId),
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
 * Bytes that were measured in the image take the place of estimates: a Dockerfile finding in an instruction gets those of an
 * image finding about what the same instruction brought, when the image rule says that it measures that rule.
 */
export function measureFindings(
  findings: readonly Finding[],
  inImage: readonly Finding[],
  rules: readonly Rule<"image">[],
  dockerfile: Dockerfile,
): readonly Finding[] {
  const measures = new Map(rules.map(({ id, measures: measured }) => [id, measured ?? []]));
  return findings.map((finding) => {
    const { at } = finding;
    if (at.kind !== "source" || at.path !== dockerfile.source.path) return finding;
    const instruction = dockerfile.instructions.find(
      ({ range }) => range.start <= at.range.start && at.range.start < range.end,
    );
    if (!instruction) return finding;
    const measured = inImage.filter(
      ({ rule, related, bytes }) =>
        bytes &&
        measures.get(rule)?.includes(finding.rule) &&
        related?.some(
          (one) =>
            one.at.kind === "source" && one.at.path === at.path && one.at.range.start === instruction.range.start,
        ),
    );
    if (measured.length === 0) return finding;
    const sum = (of: (one: Finding) => number | undefined): { value: number; basis: "measured" } => ({
      value: measured.reduce((total, one) => total + (of(one) ?? 0), 0),
      basis: "measured",
    });
    return { ...finding, bytes: sum(({ bytes }) => bytes?.value), storedBytes: sum((one) => one.storedBytes?.value) };
  });
}
