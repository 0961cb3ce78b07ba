import type { Finding, Gap } from "../core/index.ts";
import { kindOf } from "../host/index.ts";
import { type PlanBase, planRemedy, type PlanSubject } from "../remedy/index.ts";
import type { PlanDocument } from "../report/index.ts";
import type { Dockerfile } from "../syntax/index.ts";
import { type BaseRequest, chooseBase } from "./base-choice.ts";
import { baseOfDockerfile } from "./base-of.ts";
import { catalogKeepers } from "./catalog-image.ts";
import { type CheckRequest, contextRootOf, type Examined, openTargets } from "./check.ts";
import { checkImage, joinFindings, ruleKeeper } from "./check-image.ts";
import { symbolKeeper } from "./symbol-keeper.ts";
import type { Engine } from "./engine.ts";
import { type ExamineJob, examineImage, type ExamineRequest } from "./examine-image.ts";
import { contextPrefix, lockFilesOf } from "./lock-files-of.ts";
import { planImage } from "./plan-image.ts";
import type { ScanOptions } from "./scan.ts";
import { loadIgnores } from "./scan-policy/load-ignores.ts";
import { defaultScanPolicy } from "./scan-policy/scan-policy.ts";
import { scannedFacts } from "./scanned-facts.ts";

export interface PlanRequest extends Omit<CheckRequest, "openImages" | "imagesAlone"> {
  /** The image that was built, and what it is scanned with. */
  readonly image?: Pick<ExamineRequest, "target" | "choice"> & { readonly scan: ScanOptions };
  /** How bases are chosen; without it only what rules say of them counts. */
  readonly bases?: Omit<BaseRequest, "reference" | "place">;
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** Steps 2 to 10 of the design: Dockerfiles with their contexts, the image built from one of them, advisories, and the plan. */
export async function planProject(engine: Engine, request: PlanRequest, job: ExamineJob): Promise<PlanDocument> {
  const opened = await openTargets(request);
  const gaps: Gap[] = [...opened.gaps];
  const dockerfiles = opened.subjects.map(({ dockerfile }) => dockerfile);
  const inImage = request.image && (await openImage(engine, request, request.image, dockerfiles, job));
  const findings: Finding[] = [];
  const joined = new Set<Finding>();
  const lockFiles: string[] = [];
  const texts = new Map<string, string>();
  for (const subject of opened.subjects) {
    const result = engine.examine(subject, request.policy);
    gaps.push(...result.gaps);
    const together = inImage && joinFindings(result.findings, inImage.findings, engine.imageRules, subject.dockerfile);
    findings.push(...(together?.findings ?? result.findings));
    for (const one of together?.joined ?? []) joined.add(one);
    const found = lockFilesIn(subject, request);
    lockFiles.push(...found.lockFiles);
    for (const [path, text] of found.texts) texts.set(path, text);
  }
  findings.push(...(inImage?.findings ?? []).filter((finding) => !joined.has(finding)));
  gaps.push(...(inImage?.gaps ?? []));
  const subject: PlanSubject = {
    findings,
    dockerfiles: new Map(
      [...(inImage?.dockerfile ? [inImage.dockerfile] : []), ...dockerfiles].map((one) => [one.source.path, one]),
    ),
    lockFiles: [...new Set(lockFiles)].sort(),
    texts,
    ...(inImage ? { image: inImage.image } : {}),
    bases: await choose(request, dockerfiles, inImage?.image.dockerfile, job),
    today: request.today,
  };
  return {
    schemaVersion: 1,
    tool: { name: "plimsoll", version: request.version },
    dockerfiles: dockerfiles.map(({ source }) => source.path),
    ...(inImage ? { image: { reference: inImage.image.reference, digest: inImage.digest } } : {}),
    ...planRemedy(subject),
    gaps,
  };
}

function lockFilesIn({ target, dockerfile, context }: Examined, request: PlanRequest) {
  const contextRoot = contextRootOf(target, request, dockerfile);
  return lockFilesOf(context, contextRoot === undefined ? "" : contextPrefix(request.root, contextRoot));
}

async function openImage(
  engine: Engine,
  { policy, root, today }: PlanRequest,
  { target, choice, scan }: NonNullable<PlanRequest["image"]>,
  dockerfiles: readonly Dockerfile[],
  job: ExamineJob,
) {
  const keepers = [ruleKeeper(engine.imageRules), symbolKeeper, ...catalogKeepers(scan.catalogers)];
  // One Dockerfile beside an image is what it was built from, unless its layers say otherwise.
  const source = dockerfiles.length > 0 ? { candidates: dockerfiles } : {};
  const examined = await examineImage({ target, choice, keepers, digests: "alike", ...source }, job);
  const ignores = await loadIgnores({ root, ignoreFiles: [], vex: [], policy });
  const scanned = scannedFacts(examined, scan, { ...defaultScanPolicy, ...ignores, today });
  const { dockerfile } = examined;
  const { findings, gaps } = checkImage(engine, examined, policy, scanned.facts, dockerfile);
  const known = dockerfile && kindOf(`${root}/${dockerfile.source.path}`) === "file" ? dockerfile : undefined;
  return {
    findings,
    gaps: [...gaps, ...scanned.gaps.map((gap) => ({ ...gap, subject: `${target}: ${gap.subject}` }))],
    image: planImage(examined, scanned.facts),
    digest: examined.image.digest,
    ...(known ? { dockerfile: known } : {}),
  };
}

/** The bases of the Dockerfile that the image was built from, else of a lone one. */
async function choose(
  { bases }: PlanRequest,
  dockerfiles: readonly Dockerfile[],
  built: string | undefined,
  job: ExamineJob,
): Promise<readonly PlanBase[]> {
  const dockerfile =
    dockerfiles.find(({ source }) => source.path === built) ?? (dockerfiles.length === 1 ? dockerfiles[0] : undefined);
  const base = dockerfile && baseOfDockerfile(dockerfile);
  if (!bases || !dockerfile || !base) return [];
  const { path } = dockerfile.source;
  const { document, open } = await chooseBase(
    { ...bases, reference: base.reference, place: { path, line: base.line } },
    job,
  );
  return [{ path, options: document.options, open }];
}
