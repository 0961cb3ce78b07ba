import { dirname, resolve } from "node:path";
import type { BuildContext, Finding, Gap } from "../core/index.ts";
import { displayPath, pathExists } from "../host/index.ts";
import {
  buildReport,
  type DescribedRule,
  type Report,
  type ReportedImage,
  type ReportedSubject,
} from "../report/index.ts";
import { type Dockerfile, parseDockerfile } from "../syntax/index.ts";
import { openBuildContext, weighContext } from "../weight/index.ts";
import { chooseContextRoot } from "./context-root.ts";
import { discover, type Target } from "./discover.ts";
import { byPlace, type Engine, type LintSubject } from "./engine.ts";
import { matchesGlob } from "./glob.ts";
import type { ShellcheckResult } from "./shellcheck.ts";
import type { Policy } from "./policy.ts";

export interface CheckRequest {
  /** The directory that paths are relative to. */
  readonly root: string;
  /** Files, directories, or `-`. */
  readonly targets: readonly string[];
  /** The build context, when it is said. */
  readonly context?: string;
  readonly policy: Policy;
  readonly version: string;
  /** Whether only images were asked for, and no Dockerfile is to be searched. */
  readonly imagesAlone?: boolean;
  /** Has another tool look at a Dockerfile's scripts as well. */
  readonly shellcheck?: (dockerfile: Dockerfile) => Promise<ShellcheckResult>;
  /**
   * Looks into the images that were asked for, once the Dockerfiles are read. Reading images is not linting: who only lints
   * need not load what it takes.
   */
  readonly openImages?: (dockerfiles: readonly Dockerfile[]) => Promise<ImagesChecked>;
}

/** What was found in images, and what that says of findings in Dockerfiles. */
export interface ImagesChecked {
  readonly images: readonly ReportedImage[];
  readonly findings: readonly Finding[];
  readonly ignored: number;
  readonly gaps: readonly Gap[];
  /** Dockerfiles that findings point into, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** What a Dockerfile's findings and the images' tell both is told once; see `joinFindings`. */
  join(
    findings: readonly Finding[],
    dockerfile: Dockerfile,
  ): { readonly findings: readonly Finding[]; readonly joined: ReadonlySet<Finding> };
}

/** What one check saw: the report, and the texts its findings point into. */
export interface CheckOutcome {
  readonly report: Report;
  readonly texts: ReadonlyMap<string, string>;
}

/** A Dockerfile read, with the context it is built in. */
export interface Examined extends LintSubject {
  readonly target: Target;
}

/** Finds the Dockerfiles asked for and reads each with its context. */
export async function openTargets(
  request: Omit<CheckRequest, "version">,
): Promise<{ subjects: readonly Examined[]; gaps: readonly Gap[] }> {
  const { targets, gaps } = await discover(request.root, request.targets);
  const wanted = targets.filter(({ source }) => !request.policy.exclude.some((glob) => matchesGlob(source.path, glob)));
  return { subjects: wanted.map((target) => openTarget(target, request)), gaps };
}

function openTarget(target: Target, request: Pick<CheckRequest, "root" | "context">): Examined {
  const dockerfile = parseDockerfile(target.source);
  const context = contextOf(target, request, dockerfile);
  return context ? { target, dockerfile, context } : { target, dockerfile };
}

function contextOf(
  target: Target,
  request: Pick<CheckRequest, "root" | "context">,
  dockerfile: LintSubject["dockerfile"],
): BuildContext | undefined {
  const root = contextRootOf(target, request, dockerfile);
  return root === undefined
    ? undefined
    : openBuildContext(root, target.file ?? resolve(request.root, "Dockerfile"), request.root);
}

/** The directory that a Dockerfile is built in; undefined for standard input, unless it is said. */
export function contextRootOf(
  target: Target,
  request: Pick<CheckRequest, "root" | "context">,
  dockerfile: LintSubject["dockerfile"],
): string | undefined {
  if (request.context !== undefined) return resolve(request.root, request.context);
  if (target.file === undefined) return undefined;
  const own = displayPath(target.root, dirname(target.file));
  const chosen = chooseContextRoot(dockerfile, own === "." ? "" : own, (path) =>
    pathExists(resolve(target.root, path)),
  );
  return resolve(target.root, chosen);
}

/** Steps 2 to 11 of the design: from what was asked for to one report. */
export async function check(engine: Engine, request: CheckRequest): Promise<CheckOutcome> {
  const { subjects, gaps } = request.imagesAlone ? { subjects: [], gaps: [] } : await openTargets(request);
  const inImages = await request.openImages?.(subjects.map(({ dockerfile }) => dockerfile));
  const texts = new Map<string, string>();
  const findings: Finding[] = [];
  const reported: ReportedSubject[] = [];
  const joined = new Set<Finding>();
  const allGaps = [...gaps];
  const unknownRules: string[] = [];
  const expiredIgnores: string[] = [];
  const rules = new Map<string, DescribedRule>();
  let ignored = 0;
  for (const subject of subjects) {
    const { path, text } = subject.dockerfile.source;
    const { context } = subject;
    texts.set(path, text);
    if (context?.ignoreFile) texts.set(context.ignoreFile.path, context.ignoreFile.text);
    const result = engine.examine(subject, request.policy);
    const inScripts = await request.shellcheck?.(subject.dockerfile);
    const admitted = inScripts && engine.admit(inScripts.findings, subject.dockerfile, request.policy);
    for (const rule of inScripts?.rules ?? []) rules.set(rule.id, rule);
    const own = admitted ? [...result.findings, ...admitted.findings].sort(byPlace) : result.findings;
    const together = inImages?.join(own, subject.dockerfile);
    findings.push(...(together?.findings ?? own));
    for (const one of together?.joined ?? []) joined.add(one);
    allGaps.push(...result.gaps);
    unknownRules.push(...result.unknownRules);
    expiredIgnores.push(...result.expired);
    ignored += result.ignored + (admitted?.ignored ?? 0);
    if (context && !context.complete)
      allGaps.push({ subject: path, reason: "its build context could not be listed wholly" });
    reported.push({ path, findings: own.length, ...(context ? { context: weighContext(context) } : {}) });
  }
  if (inImages) {
    for (const [path, text] of inImages.texts) texts.set(path, text);
    findings.push(...inImages.findings.filter((finding) => !joined.has(finding)));
    allGaps.push(...inImages.gaps);
    ignored += inImages.ignored;
  }
  const report = buildReport({
    version: request.version,
    failOn: request.policy.failOn,
    subjects: reported,
    findings,
    texts,
    rules: [...engine.rules, ...engine.imageRules, ...rules.values()],
    images: inImages?.images ?? [],
    ignored,
    gaps: allGaps,
    unknownRules,
    expiredIgnores,
  });
  return { report, texts };
}
