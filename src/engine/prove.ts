import type { Finding, Gap } from "../core/index.ts";
import { readTextFile, runTool } from "../host/index.ts";
import {
  type Action,
  type Builder,
  type Candidate,
  type Claim,
  openGround,
  pairScope,
  type Proof,
  prove,
  sameScope,
  type Scope,
  smokeTest,
  type Workbench,
} from "../remedy/index.ts";
import { parseDockerfile } from "../syntax/index.ts";
import type { FixLevels } from "./apply-fixes.ts";
import type { Examined } from "./check.ts";
import { chooseActions } from "./choose-actions.ts";
import type { Engine } from "./engine.ts";
import { contextPrefix } from "./lock-files-of.ts";
import type { Policy } from "./policy.ts";
import {
  type Buildable,
  findBuilder,
  proveOptions,
  type ProveJob,
  type ProveRequest,
  textsOf,
  withBench,
} from "./proof-bench.ts";
import { type ProofRun, withRun } from "./proof-run.ts";
import { examineSide } from "./proof-side.ts";
import { type BaseSettings, proveRemedies } from "./prove-remedies.ts";
import { loadIgnores } from "./scan-policy/load-ignores.ts";
import { defaultScanPolicy } from "./scan-policy/scan-policy.ts";

export interface ProveFixesRequest extends ProveRequest {
  readonly subject: Examined;
  /** The build context's directory, absolute, and what the paths of texts are relative to. */
  readonly contextRoot: string;
  readonly root: string;
  readonly levels: FixLevels;
  /** How the container may be run afterwards, as the plan claims. */
  readonly claims?: readonly Claim[];
  readonly scopeOf?: (rule: string) => Scope;
  /** With them, what could take the place of the base is measured and tried. */
  readonly bases?: BaseSettings;
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
    const findings = findingsIn(engine, subject, policy, dockerfile, ignore);
    return { dockerfile, ignore, files: new Map(), applied, findings };
  };
  const everything = apply(choice.actions);
  const { root, contextRoot, scan, bases } = request;
  const counts = scan && {
    ...defaultScanPolicy,
    ...(await loadIgnores({ root, ignoreFiles: [], vex: [], policy })),
    today: scan.today,
  };
  const { proof, builder } = await withBench(engine, request, job, apply, {
    originals: [{ subject, contextRoot }],
    ...(counts ? { counts } : {}),
    ignoreTexts: [before.ignore, everything.ignore],
    root: request.root,
    scratchOf: () => 0,
    run: async (bench, options, tools) => {
      const ground = await openGround(bench, options);
      const fixed = await prove([...choice.actions, ...claims], bench, options, undefined, ground);
      if (!scan || ground.best === "static" || (levels.only ?? []).length > 0) return fixed;
      return proveRemedies(
        {
          subject,
          root,
          contextRoot,
          likely: levels.likely,
          today: scan.today,
          bench,
          options,
          ...(bases ? { bases } : {}),
          ...(tools ? { tools } : {}),
          findingsIn: ({ dockerfile, ignore }) => findingsIn(engine, subject, policy, dockerfile, ignore),
        },
        fixed,
        ground,
        job,
      );
    },
  });
  const { candidate } = proof;
  const changes = [
    { path: before.path, before: before.dockerfile, after: candidate.dockerfile },
    { path: before.ignorePath, before: before.ignore, after: candidate.ignore },
    ...[...candidate.files].map(([path, after]) => {
      const shown = contextPrefix(root, contextRoot) + path;
      return { path: shown, before: readTextFile(`${contextRoot}/${path}`, shown), after };
    }),
  ].filter((one) => one.before !== one.after);
  return { proof, changes, gaps: gapsOf(proof, scan), ...(builder ? { builder: builder.id } : {}) };
}

/** What the plan would do about vulnerabilities takes an image that was scanned. */
function gapsOf({ before }: Proof, scan: ProveRequest["scan"]): readonly Gap[] {
  if (before.image && scan) return [];
  const reason = scan ? "nothing was built" : "there is no store of advisories";
  return [{ subject: "the plan's remedies against vulnerabilities", reason }];
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
      files: new Map(),
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
  const candidates = [before, after].map(
    (name): Candidate => ({ dockerfile: name, ignore: "", files: new Map(), applied: [], findings: [] }),
  );
  const [first, second] = candidates;
  if (!first || !second) throw new RangeError("two are compared");
  const runs = builder?.runs === true && (await hasImages(builder, [before, after], job));
  const work = async (run?: ProofRun): Promise<ProofOutcome> => {
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
        ...(runs && run
          ? {
              smoke: ({ name, config: { hasHealthcheck } }, claims) =>
                smokeTest({ name, hasHealthcheck, claims }, settings.smoke, run.builder, run.label, job),
            }
          : {}),
      },
    };
    const proof = await prove([pairAction(`Replace ${before} by ${after}`)], bench, proveOptions(request, job));
    return { proof: { ...proof, kept: [] }, changes: [], gaps: [], ...(runs ? { builder: builder.id } : {}) };
  };
  return builder ? withRun(builder, job, work) : work();
}

async function hasImages(builder: Builder, names: readonly string[], job: ProveJob): Promise<boolean> {
  const run = await runTool(builder.program, ["image", "inspect", "--format", "{{.Id}}", ...names], {
    env: job.env,
    milliseconds: 30_000,
    ...(job.signal ? { signal: job.signal } : {}),
  });
  return run.status === 0;
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
