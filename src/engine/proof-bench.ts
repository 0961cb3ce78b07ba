import { resolve } from "node:path";
import { PlimsollError } from "../core/index.ts";
import type { Choice } from "../image/index.ts";
import {
  type BuildJob,
  type Builder,
  builders as builtInBuilders,
  type Candidate,
  openScratch,
  type Proof,
  type ProveOptions,
  type Scratch,
  smokeTest,
  type SmokeTest,
  type Workbench,
} from "../remedy/index.ts";
import { parseDockerfile } from "../syntax/index.ts";
import type { Examined } from "./check.ts";
import { type ComposeBuild, readComposeProject, servicesBuiltFrom } from "./compose-project.ts";
import type { ComposeStack } from "./compose-stack.ts";
import type { Engine } from "./engine.ts";
import type { ExamineJob } from "./examine-image.ts";
import type { Policy } from "./policy.ts";
import { type ProofRun, withRun } from "./proof-run.ts";
import { examineSide } from "./proof-side.ts";
import type { ToolPlace } from "./raise-lock.ts";
import type { ScanOptions } from "./scan.ts";
import type { ScanPolicy } from "./scan-policy/scan-policy.ts";

/** How both are built and run; the same for before and after. */
export interface BuildSettings {
  /** An id of a builder; the first that answers when not said. */
  readonly builder?: string;
  readonly network?: string;
  readonly buildArgs?: readonly string[];
  readonly platform?: string;
  readonly choice: Choice;
  readonly target?: string;
  /** Of one build. */
  readonly milliseconds: number;
  readonly smoke: SmokeTest;
}

export interface ProveRequest {
  readonly policy: Policy;
  readonly settings: BuildSettings;
  readonly scan?: ScanOptions;
  /** How many sets of actions are tried at most. */
  readonly mostTrials: number;
  /** What several proofs have in common; each has a run of its own without it. */
  readonly shared?: { readonly run: ProofRun; readonly stack?: ComposeStack };
}

/** One Dockerfile with the context it is built in, absolute. */
export interface Buildable {
  readonly subject: Examined;
  readonly contextRoot: string;
}

export interface ProveJob extends ExamineJob {
  readonly builders?: readonly Builder[];
  readonly onProgress?: ProveOptions["onProgress"];
}

export interface BenchParts {
  readonly originals: readonly Buildable[];
  readonly ignoreTexts: readonly string[];
  readonly root: string;
  scratchOf(candidate: Candidate): number;
  /** What is done on the bench; there is a place for tools where there is a builder. */
  run(bench: Workbench, options: ProveOptions, tools?: ToolPlace): Promise<Proof>;
  /** What counts of what is found in images, where plans are made from it. */
  readonly counts?: ScanPolicy;
}

/** Finds a builder, copies the contexts, proves, and leaves nothing behind however it ends. */
export async function withBench(
  engine: Engine,
  request: ProveRequest,
  job: ProveJob,
  apply: Workbench["apply"],
  parts: BenchParts,
): Promise<{ readonly proof: Proof; readonly builder?: Builder }> {
  const { settings, shared } = request;
  const builder = shared?.run.builder ?? (await findBuilder(settings.builder, job));
  const options = proveOptions(request, job);
  if (!builder) return { proof: await parts.run({ apply }, options) };
  const work = (run: ProofRun): Promise<Proof> =>
    withCopies(run, job, parts, async (scratches) =>
      parts.run(
        { apply, engine: await workshop(engine, request, job, parts, run, scratches) },
        options,
        toolPlace(run, scratches, settings),
      ),
    );
  return { proof: await (shared ? work(shared.run) : withRun(builder, job, work)), builder };
}

function toolPlace(
  { builder, label, job }: ProofRun,
  [scratch]: readonly Scratch[],
  { network }: BuildSettings,
): ToolPlace | undefined {
  return scratch && { builder, scratch, label, job, ...(network === undefined ? {} : { network }) };
}

async function withCopies<T>(
  run: ProofRun,
  { signal }: ProveJob,
  parts: BenchParts,
  work: (scratches: readonly Scratch[]) => Promise<T>,
): Promise<T> {
  const scratches: Scratch[] = [];
  const onMade = (directory: string): void => {
    run.janitor.tell({ directory });
  };
  try {
    for (const { subject, contextRoot } of parts.originals)
      scratches.push(await openCopy(subject, contextRoot, parts, run.id, onMade, signal));
    return await work(scratches);
  } finally {
    for (const scratch of scratches) scratch.remove();
  }
}

/** How candidates are built in their copies, read and run. */
async function workshop(
  engine: Engine,
  { settings, policy, scan, shared }: ProveRequest,
  job: ProveJob,
  parts: BenchParts,
  { builder, label, job: buildJob, nextTag }: ProofRun,
  scratches: readonly Scratch[],
): Promise<NonNullable<Workbench["engine"]>> {
  const [first] = parts.originals;
  const from = first && builtFrom(first, parts.root, settings);
  const smoke = await smokeOf(settings.smoke, from, parts.root);
  const stack = shared?.stack;
  const smokeFor = (image: string): SmokeTest =>
    from && stack ? { ...smoke, variables: stack.variables(from, image) } : smoke;
  return {
    build: (candidate) => {
      const scratch = scratches[parts.scratchOf(candidate)];
      if (!scratch) throw new RangeError("every candidate has its copy");
      scratch.write(candidate.dockerfile, candidate.ignore, candidate.files);
      return builder.build(
        {
          context: scratch.context,
          dockerfile: scratch.dockerfile,
          ...(candidate.ignore === "" ? {} : { ignoreFile: scratch.ignoreFile }),
          buildArgs: settings.buildArgs ?? [],
          tag: nextTag(),
          label,
          milliseconds: settings.milliseconds,
          ...(settings.target === undefined ? {} : { target: settings.target }),
          ...(settings.platform === undefined ? {} : { platform: settings.platform }),
          ...(settings.network === undefined ? {} : { network: settings.network }),
        },
        buildJob,
      );
    },
    examine: (built, { dockerfile, findings }) =>
      examineSide(
        engine,
        {
          ...built,
          choice: settings.choice,
          policy,
          findings,
          dockerfile: parseDockerfile({
            path: first?.subject.dockerfile.source.path ?? "Dockerfile",
            text: dockerfile,
          }),
          ...(scan ? { scan } : {}),
          ...(parts.counts ? { counts: parts.counts } : {}),
        },
        job,
      ),
    ...(builder.runs
      ? {
          smoke: ({ name, config: { hasHealthcheck } }, claims) =>
            smokeTest({ name, hasHealthcheck, claims }, smokeFor(name), builder, label, buildJob),
        }
      : {}),
  };
}

/** What a compose file would say of it: absolute paths. */
export function builtFrom(
  { subject, contextRoot }: Buildable,
  root: string,
  { target }: Pick<BuildSettings, "target">,
): ComposeBuild {
  return {
    context: contextRoot,
    dockerfile: subject.target.file ?? resolve(root, subject.dockerfile.source.path),
    ...(target === undefined ? {} : { target }),
  };
}

/** Without a command of the user's, what a compose file beside the project asks of its service is the best there is. */
async function smokeOf(smoke: SmokeTest, from: ComposeBuild | undefined, root: string): Promise<SmokeTest> {
  if (!from || smoke.command !== undefined || smoke.health !== undefined) return smoke;
  const project = await readComposeProject([...new Set([from.context, root])]);
  const health = project && servicesBuiltFrom(project, from).find((one) => one.health !== undefined)?.health;
  return health === undefined ? smoke : { ...smoke, health };
}

function openCopy(
  subject: Examined,
  contextRoot: string,
  { root, ignoreTexts }: BenchParts,
  run: string,
  onMade: (directory: string) => void,
  signal: AbortSignal | undefined,
): Promise<Scratch> {
  const { ignorePath, ignore, path } = textsOf(subject);
  return openScratch(
    {
      run,
      context: contextRoot,
      dockerfile: subject.target.file ?? resolve(root, path),
      ignoreFile: resolve(root, ignorePath),
      ignoreTexts: ignoreTexts.length > 0 ? ignoreTexts : [ignore],
    },
    onMade,
    signal,
  );
}

export function proveOptions({ policy, mostTrials }: ProveRequest, { onProgress }: ProveJob): ProveOptions {
  return { failOn: policy.failOn, mostTrials, ...(onProgress ? { onProgress } : {}) };
}

/** The builder that was named, or the first that answers. Throws `builder.missing` for one that was named. */
export async function findBuilder(id: string | undefined, job: ProveJob): Promise<Builder | undefined> {
  const all = job.builders ?? builtInBuilders;
  const buildJob: BuildJob = { env: job.env, ...(job.signal ? { signal: job.signal } : {}) };
  for (const builder of all)
    if ((id === undefined || builder.id === id) && (await builder.available(buildJob))) return builder;
  if (id === undefined) return undefined;
  throw new PlimsollError("builder.missing", `the builder ${id} does not answer`, {
    hint: `start it, or name another: ${all.map((one) => one.id).join(", ")}`,
  });
}

export interface Texts {
  readonly path: string;
  readonly dockerfile: string;
  readonly ignorePath: string;
  readonly ignore: string;
}

export function textsOf({ dockerfile, context }: Examined): Texts {
  return {
    path: dockerfile.source.path,
    dockerfile: dockerfile.source.text,
    ignorePath: context?.ignorePath ?? ".dockerignore",
    ignore: context?.ignoreFile?.text ?? "",
  };
}
