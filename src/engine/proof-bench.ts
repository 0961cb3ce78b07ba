import { resolve } from "node:path";
import { PlimsollError } from "../core/index.ts";
import { newRunId, startJanitor } from "../host/index.ts";
import type { Choice } from "../image/index.ts";
import {
  type BuildJob,
  type Builder,
  builders as builtInBuilders,
  type Candidate,
  openScratch,
  type Proof,
  type ProveOptions,
  removeRun,
  runLabel,
  type Scratch,
  smokeTest,
  type SmokeTest,
  sweepDeadRuns,
  type Workbench,
} from "../remedy/index.ts";
import { parseDockerfile } from "../syntax/index.ts";
import type { Examined } from "./check.ts";
import { composeHealth } from "./compose-health.ts";
import type { Engine } from "./engine.ts";
import type { ExamineJob } from "./examine-image.ts";
import type { Policy } from "./policy.ts";
import { examineSide } from "./proof-side.ts";
import type { Workshop } from "./raise-lock.ts";
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
  /** What is done on the bench; there is a workshop where there is a builder. */
  run(bench: Workbench, options: ProveOptions, workshop?: Workshop): Promise<Proof>;
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
  const smoke = await smokeOf(settings.smoke, parts);
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
    const [first] = scratches;
    const proof = await parts.run(
      {
        apply,
        engine: {
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
                ...(parts.counts ? { counts: parts.counts } : {}),
              },
              job,
            ),
          ...(builder.runs
            ? {
                smoke: ({ name, config: { hasHealthcheck } }, claims) =>
                  smokeTest({ name, hasHealthcheck, claims }, smoke, builder, label, buildJob),
              }
            : {}),
        },
      },
      options,
      first && {
        builder,
        scratch: first,
        label,
        job: buildJob,
        ...(settings.network === undefined ? {} : { network: settings.network }),
      },
    );
    return { proof, builder };
  } finally {
    for (const scratch of scratches) scratch.remove();
    await removeRun(builder, run, { env: job.env });
    janitor.dismiss();
  }
}

/** Without a command of the user's, what a compose file beside the project asks of its service is the best there is. */
async function smokeOf(smoke: SmokeTest, { originals, root }: BenchParts): Promise<SmokeTest> {
  const [first] = originals;
  if (!first || smoke.command !== undefined || smoke.health !== undefined) return smoke;
  const { subject, contextRoot } = first;
  const dockerfile = subject.target.file ?? resolve(root, subject.dockerfile.source.path);
  const health = await composeHealth([...new Set([contextRoot, root])], { context: contextRoot, dockerfile });
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
