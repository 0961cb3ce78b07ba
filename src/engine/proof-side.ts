import type { Finding } from "../core/index.ts";
import { type Choice, keptView } from "../image/index.ts";
import { type OpenAdvisory, programKeeper, type ProvedImage, readPrograms, type Side } from "../remedy/index.ts";
import type { Package } from "../packages/index.ts";
import type { Dockerfile } from "../syntax/index.ts";
import { catalogKeepers } from "./catalog-image.ts";
import { checkImage, packagesAlone, ruleKeeper } from "./check-image.ts";
import { planImage } from "./plan-image.ts";
import { scannedFacts } from "./scanned-facts.ts";
import type { ScanPolicy } from "./scan-policy/scan-policy.ts";
import type { Engine } from "./engine.ts";
import { type ExaminedImage, type ExamineJob, examineImage } from "./examine-image.ts";
import type { Policy } from "./policy.ts";
import { countMatches } from "./count-matches.ts";
import { scanImage, type ScanOptions } from "./scan.ts";

export interface SideRequest {
  /** As image sources read it, and as the builder's program calls it. */
  readonly reference: string;
  readonly name: string;
  readonly choice: Choice;
  readonly policy: Policy;
  readonly dockerfile?: Dockerfile;
  /** In the Dockerfile. */
  readonly findings: readonly Finding[];
  /** Packages and advisories are left out without it. */
  readonly scan?: ScanOptions;
  /** What counts of what is found, where a plan is to be made from it. */
  readonly counts?: ScanPolicy;
}

/** Reads a built image with all that gates look at: every file's digest, programs, findings, packages and advisories. */
export async function examineSide(engine: Engine, request: SideRequest, job: ExamineJob): Promise<Side> {
  const { scan, dockerfile, policy, counts } = request;
  const keepers = [ruleKeeper(engine.imageRules), programKeeper, ...(scan ? catalogKeepers(scan.catalogers) : [])];
  const source = dockerfile ? { dockerfile } : {};
  const examined = await examineImage(
    { target: request.reference, choice: request.choice, keepers, digests: "all", ...source },
    job,
  );
  const found = scan && scanImage(examined, scan);
  const { findings } = checkImage(engine, examined, policy, found && packagesAlone(found), dockerfile);
  const all = [...request.findings, ...findings];
  const plan = scan && counts && planImage(examined, scannedFacts(examined, scan, counts).facts);
  return {
    findings: all,
    image: { ...provedImage(request.name, examined, findings, found), ...(plan ? { plan } : {}) },
  };
}

function provedImage(
  name: string,
  examined: ExaminedImage,
  findings: readonly Finding[],
  found: ReturnType<typeof scanImage> | undefined,
): ProvedImage {
  const { image, merged, scans, weight } = examined;
  const { baseLayers } = weight;
  const ofBase = new Set(image.layers.slice(0, baseLayers).map(({ diffId }) => diffId));
  const fromBase = ({ layer }: Package): boolean => layer !== undefined && ofBase.has(layer);
  const release = found?.release;
  const advisories = found?.matches.map(
    (match): OpenAdvisory => ({
      id: match.id,
      package: match.package.name,
      purl: match.package.purl,
      severity: match.severity?.severity ?? "unknown",
      fromBase: fromBase(match.package),
      exploited: match.exploited !== undefined,
      ...(match.fixedIn === undefined ? {} : { fixedIn: match.fixedIn }),
    }),
  );
  return {
    name,
    digest: image.digest,
    tree: merged.tree,
    config: image.config,
    programs: readPrograms(keptView(merged, scans, programKeeper.id)),
    baseLayers,
    ...(release ? { release: `${release.family} ${release.release}` } : {}),
    ...(found ? { packages: found.packages.map((one) => ({ ...one, fromBase: fromBase(one) })) } : {}),
    ...(advisories ? { advisories } : {}),
    measure: {
      bytes: weight.total.unpacked,
      storedBytes: scans.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
      layers: scans.length,
      files: merged.tree.size,
      ...(found ? { packages: found.packages.length } : {}),
      ...(advisories ? { advisories: countOf(advisories), fixable: countOf(advisories.filter(hasFix)) } : {}),
      user: image.config.user,
      secrets: findings.filter(({ rule }) => rule.startsWith("image-secret")).length,
    },
  };
}

function countOf(advisories: readonly OpenAdvisory[]) {
  return countMatches(advisories.map(({ severity: level }) => ({ level })));
}

function hasFix({ fixedIn }: OpenAdvisory): boolean {
  return fixedIn !== undefined;
}
