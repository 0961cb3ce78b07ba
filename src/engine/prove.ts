import { resolve } from "node:path";
import { type Finding, type Gap, PlimsollError } from "../core/index.ts";
import { newRunId, runTool, startJanitor } from "../host/index.ts";
import type { Choice } from "../image/index.ts";
import {
  type Action,
  type Builder,
  builders as builtInBuilders,
  type BuildJob,
  type Candidate,
  type Claim,
  openScratch,
  pairScope,
  type Proof,
  prove,
  type ProveOptions,
  removeRun,
  runLabel,
  sameScope,
  type Scope,
  type Scratch,
  smokeTest,
  type SmokeTest,
  sweepDeadRuns,
  type Workbench,
} from "../remedy/index.ts";
import { parseDockerfile } from "../syntax/index.ts";
import type { FixLevels } from "./apply-fixes.ts";
import type { Examined } from "./check.ts";
import { chooseActions } from "./choose-actions.ts";
import type { Engine } from "./engine.ts";
import type { ExamineJob } from "./examine-image.ts";
import type { Policy } from "./policy.ts";
import { examineSide } from "./proof-side.ts";
import type { ScanOptions } from "./scan.ts";

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
}

export interface ProveFixesRequest extends ProveRequest {
  readonly subject: Examined;
  /** The build context's directory, absolute, and what the paths of texts are relative to. */
  readonly contextRoot: string;
  readonly root: string;
  readonly levels: FixLevels;
  /** How the container may be run afterwards, as the plan claims. */
  readonly claims?: readonly Claim[];
  readonly scopeOf?: (rule: string) => Scope;
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

export interface ProofOutcome {
  readonly proof: Proof;
  /** The texts before and after, by path: what changed alone. */
  readonly changes: readonly { readonly path: string; readonly before: string; readonly after: string }[];
  readonly builder?: string;
  readonly gaps: readonly Gap[];
}

const claimTitles: Readonly<Record<Claim, string>> = {
  "read-only-root": "Run with a read-only root",
  "no-capabilities": "Run without capabilities and without gaining any",
  "non-root": "Run as another user than root",
};

/** `fix --prove`: builds a Dockerfile as it is and with its fixes, and keeps the largest set of them that holds. */
export async function proveFixes(engine: Engine, request: ProveFixesRequest, job: ProveJob): Promise<ProofOutcome> {
  const { subject, policy, levels } = request;
  const choice = chooseActions(engine, subject, policy, levels, request.scopeOf);
  const claims = (request.claims ?? []).map(claimAction);
  const before = textsOf(subject);
  const apply = (chosen: readonly Action[]): Candidate => {
    const { texts, applied } = choice.apply(chosen);
    const dockerfile = texts.get(before.path) ?? before.dockerfile;
    const ignore = texts.get(before.ignorePath) ?? before.ignore;
    return { dockerfile, ignore, applied, findings: findingsIn(engine, subject, policy, dockerfile, ignore) };
  };
  const everything = apply(choice.actions);
  const { proof, builder } = await withBench(engine, request, job, apply, {
    originals: [{ subject, contextRoot: request.contextRoot }],
    ignoreTexts: [before.ignore, everything.ignore],
    root: request.root,
    scratchOf: () => 0,
    run: (bench, options) => prove([...choice.actions, ...claims], bench, options),
  });
  const { candidate } = proof;
  const changes = [
    { path: before.path, before: before.dockerfile, after: candidate.dockerfile },
    { path: before.ignorePath, before: before.ignore, after: candidate.ignore },
  ].filter((one) => one.before !== one.after);
  return { proof, changes, gaps: [], ...(builder ? { builder: builder.id } : {}) };
}

/** `prove A B` of two Dockerfiles, each in its own context. */
export async function provePair(
  engine: Engine,
  before: Buildable,
  after: Buildable,
  request: ProveRequest & { readonly root: string },
  job: ProveJob,
): Promise<ProofOutcome> {
  const [a, b] = [before, after].map(({ subject }) => ({ subject, ...textsOf(subject) }));
  if (!a || !b) throw new RangeError("two are compared");
  const candidates = [a, b].map(
    ({ subject, dockerfile, ignore }): Candidate => ({
      dockerfile,
      ignore,
      applied: [],
      findings: findingsIn(engine, subject, request.policy, dockerfile, ignore),
    }),
  );
  const [first, second] = candidates;
  if (!first || !second) throw new RangeError("two are compared");
  const change = pairAction(`Replace ${a.path} by ${b.path}`);
  const { proof, builder } = await withBench(engine, request, job, (chosen) => (chosen.length > 0 ? second : first), {
    originals: [before, after],
    ignoreTexts: [],
    root: request.root,
    scratchOf: (candidate) => (candidate === second ? 1 : 0),
    run: (bench, options) => prove([change], bench, options),
  });
  const changes = a.dockerfile === b.dockerfile ? [] : [{ path: b.path, before: a.dockerfile, after: b.dockerfile }];
  return { proof: { ...proof, kept: [] }, changes, gaps: [], ...(builder ? { builder: builder.id } : {}) };
}

/** `prove A B` of two images: they are read where they are, and run where a builder's engine has them. */
export async function proveImages(
  engine: Engine,
  before: string,
  after: string,
  request: ProveRequest,
  job: ProveJob,
): Promise<ProofOutcome> {
  const { settings, policy, scan } = request;
  const builder = await findBuilder(settings.builder, job);
  const run = newRunId();
  const label = `${runLabel}=${run}`;
  const candidates = [before, after].map(
    (name): Candidate => ({ dockerfile: name, ignore: "", applied: [], findings: [] }),
  );
  const [first, second] = candidates;
  if (!first || !second) throw new RangeError("two are compared");
  const runs = builder?.runs === true && (await hasImages(builder, [before, after], job));
  const bench: Workbench = {
    apply: (chosen) => (chosen.length > 0 ? second : first),
    engine: {
      build: (candidate) => Promise.resolve({ reference: candidate.dockerfile, name: candidate.dockerfile }),
      examine: (built) =>
        examineSide(
          engine,
          { ...built, choice: settings.choice, policy, findings: [], ...(scan ? { scan } : {}) },
          job,
        ),
      ...(runs && builder
        ? {
            smoke: ({ name, config: { hasHealthcheck } }, claims) =>
              smokeTest({ name, hasHealthcheck, claims }, settings.smoke, builder, label, job),
          }
        : {}),
    },
  };
  const janitor = startJanitor(job.env);
  if (builder) janitor.tell({ things: { program: builder.program, label } });
  try {
    const options = proveOptions(request, job);
    const proof = await prove([pairAction(`Replace ${before} by ${after}`)], bench, options);
    return {
      proof: { ...proof, kept: [] },
      changes: [],
      gaps: [],
      ...(runs && builder ? { builder: builder.id } : {}),
    };
  } finally {
    if (builder) await removeRun(builder, run, job);
    janitor.dismiss();
  }
}

async function hasImages(builder: Builder, names: readonly string[], job: ProveJob): Promise<boolean> {
  const run = await runTool(builder.program, ["image", "inspect", "--format", "{{.Id}}", ...names], {
    env: job.env,
    milliseconds: 30_000,
    ...(job.signal ? { signal: job.signal } : {}),
  });
  return run.status === 0;
}

interface BenchParts {
  readonly originals: readonly Buildable[];
  readonly ignoreTexts: readonly string[];
  readonly root: string;
  scratchOf(candidate: Candidate): number;
  run(bench: Workbench, options: ProveOptions): Promise<Proof>;
}

/** Finds a builder, copies the contexts, proves, and leaves nothing behind however it ends. */
async function withBench(
  engine: Engine,
  request: ProveRequest,
  job: ProveJob,
  apply: Workbench["apply"],
  parts: BenchParts,
): Promise<{ readonly proof: Proof; readonly builder?: Builder }> {
  const { settings, policy, scan } = request;
  const builder = await findBuilder(settings.builder, job);
  const options = proveOptions(request, job);
  if (!builder) return { proof: await parts.run({ apply }, options) };
  const run = newRunId();
  const label = `${runLabel}=${run}`;
  const janitor = startJanitor(job.env);
  janitor.tell({ things: { program: builder.program, label } });
  const buildJob: BuildJob = {
    env: job.env,
    ...(job.signal ? { signal: job.signal } : {}),
    onGroup: (group, running) => {
      janitor.tell({ group, running });
    },
  };
  const scratches: Scratch[] = [];
  let builds = 0;
  try {
    await sweepDeadRuns(builder, buildJob);
    for (const { subject, contextRoot } of parts.originals)
      scratches.push(
        await openCopy(
          subject,
          contextRoot,
          parts,
          run,
          (directory) => {
            janitor.tell({ directory });
          },
          job.signal,
        ),
      );
    const proof = await parts.run(
      {
        apply,
        engine: {
          build: (candidate) => {
            const scratch = scratches[parts.scratchOf(candidate)];
            if (!scratch) throw new RangeError("every candidate has its copy");
            scratch.write(candidate.dockerfile, candidate.ignore);
            return builder.build(
              {
                context: scratch.context,
                dockerfile: scratch.dockerfile,
                ...(candidate.ignore === "" ? {} : { ignoreFile: scratch.ignoreFile }),
                buildArgs: settings.buildArgs ?? [],
                tag: `plimsoll-prove/${run}:${builds++}`,
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
                  path: parts.originals[0]?.subject.dockerfile.source.path ?? "Dockerfile",
                  text: dockerfile,
                }),
                ...(scan ? { scan } : {}),
              },
              job,
            ),
          ...(builder.runs
            ? {
                smoke: ({ name, config: { hasHealthcheck } }, claims) =>
                  smokeTest({ name, hasHealthcheck, claims }, settings.smoke, builder, label, buildJob),
              }
            : {}),
        },
      },
      options,
    );
    return { proof, builder };
  } finally {
    for (const scratch of scratches) scratch.remove();
    await removeRun(builder, run, { env: job.env });
    janitor.dismiss();
  }
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

function proveOptions({ policy, mostTrials }: ProveRequest, { onProgress }: ProveJob): ProveOptions {
  return { failOn: policy.failOn, mostTrials, ...(onProgress ? { onProgress } : {}) };
}

/** The builder that was named, or the first that answers. Throws `builder.missing` for one that was named. */
async function findBuilder(id: string | undefined, job: ProveJob): Promise<Builder | undefined> {
  const all = job.builders ?? builtInBuilders;
  const buildJob: BuildJob = { env: job.env, ...(job.signal ? { signal: job.signal } : {}) };
  for (const builder of all)
    if ((id === undefined || builder.id === id) && (await builder.available(buildJob))) return builder;
  if (id === undefined) return undefined;
  throw new PlimsollError("builder.missing", `the builder ${id} does not answer`, {
    hint: `start it, or name another: ${all.map((one) => one.id).join(", ")}`,
  });
}

interface Texts {
  readonly path: string;
  readonly dockerfile: string;
  readonly ignorePath: string;
  readonly ignore: string;
}

function textsOf({ dockerfile, context }: Examined): Texts {
  return {
    path: dockerfile.source.path,
    dockerfile: dockerfile.source.text,
    ignorePath: context?.ignorePath ?? ".dockerignore",
    ignore: context?.ignoreFile?.text ?? "",
  };
}

function findingsIn(
  engine: Engine,
  { dockerfile, context }: Examined,
  policy: Policy,
  text: string,
  ignore: string,
): readonly Finding[] {
  const parsed = parseDockerfile({ path: dockerfile.source.path, text });
  const now = context && ignore !== (context.ignoreFile?.text ?? "") ? context.withIgnoreFile(ignore) : context;
  return engine.examine(now ? { dockerfile: parsed, context: now } : { dockerfile: parsed }, policy).findings;
}

function claimAction(claim: Claim): Action {
  return { id: claim, rule: claim, title: claimTitles[claim], safety: "likely", resolves: [], scope: sameScope, claim };
}

function pairAction(title: string): Action {
  return { id: "pair", rule: "pair", title, safety: "likely", resolves: [], scope: pairScope };
}
