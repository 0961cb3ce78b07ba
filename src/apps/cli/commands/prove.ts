import { createColors } from "picocolors";
import { type Gap, PlimsollError } from "../../../core/index.ts";
import {
  type BuildSettings,
  type Engine,
  openBuildables,
  type Policy,
  proofDocument,
  type ProofOutcome,
  proveImages,
  type ProveJob,
  provePair,
  proveProject,
  type ProveRequest,
  resolveRule,
} from "../../../engine/index.ts";
import { kindOf, readOfficialImages, writeFileAtomically } from "../../../host/index.ts";
import {
  escapeLine,
  type ProofDocument,
  renderOpenVex,
  renderProof,
  renderProofMarkdown,
} from "../../../report/index.ts";
import { builtInImageRules } from "../../../rules/index.ts";
import { openJob, platformChoice } from "../image-job.ts";
import type { ProofOptions, SharedOptions } from "../options.ts";
import { policyFor, startEngine } from "../start.ts";
import type { Terminal } from "../terminal.ts";
import { unifiedDiff } from "../unified-diff.ts";
import { version } from "../version.ts";
import { writeChange } from "../write-change.ts";
import { scanSettings } from "../scan-settings.ts";

export interface ProveOptions extends SharedOptions, ProofOptions {
  readonly cache?: boolean;
}

export interface ProveFixOptions extends ProveOptions {
  readonly write?: boolean;
  readonly likely?: boolean;
  readonly only?: readonly string[];
  readonly bases?: boolean;
  readonly registry?: string;
}

/** A request that can be stopped by Ctrl-C and by being asked to end, and that leaves nothing behind then. */
interface Setting {
  readonly engine: Engine;
  readonly policy: Policy;
  readonly job: ProveJob;
  readonly request: ProveRequest;
}

const statuses = { proved: 0, built: 3, static: 3, rejected: 1 } as const;
const stopped = 130;

/** `plimsoll fix --prove [target…]`: what holds is shown and, with --write, written when it is proved and not before. */
export async function proveFix(
  targets: readonly string[],
  options: ProveFixOptions,
  terminal: Terminal,
): Promise<number> {
  const setting = await openSetting(options, terminal);
  const { engine, policy, job, request } = setting;
  const only = (options.only ?? []).flatMap((id) => resolveRule(engine, id));
  return untilStopped(job, terminal, async () => {
    const { buildables, gaps } = await openBuildables(rootedRequest(targets, options, policy));
    const documents: ProofDocument[] = [];
    await proveProject(
      engine,
      buildables,
      {
        ...request,
        root: process.cwd(),
        levels: { likely: options.likely ?? false, only },
        claims: options.claim ?? [],
        ...basesOf(options, request),
      },
      job,
      ({ subject }, outcome) => {
        const document = documentOf(outcome, request, subject.dockerfile.source.path);
        documents.push(document);
        show(document, outcome, options, terminal);
        if (options.write) writeProved(document, outcome, terminal);
      },
    );
    return finish(documents, gaps, options, terminal);
  });
}

/** Milliseconds that reading one base may take. */
const measuring = 120_000;

function basesOf({ bases, registry }: ProveFixOptions, { settings: { choice }, scan }: ProveRequest) {
  if (!bases || !scan) return {};
  const officialImages = readOfficialImages();
  return {
    bases: {
      ...(officialImages === undefined ? {} : { officialImages }),
      ...(registry === undefined ? {} : { registry }),
      choice,
      scan,
      timeout: measuring,
      measure: true,
    },
  };
}

/** `plimsoll prove BEFORE AFTER`. */
export async function prove(before: string, after: string, options: ProveOptions, terminal: Terminal): Promise<number> {
  const { engine, policy, job, request } = await openSetting(options, terminal);
  return untilStopped(job, terminal, async () => {
    const names = [before, after];
    const files = names.filter((name) => kindOf(name) !== "missing" && !isArchive(name));
    if (files.length === 1)
      throw new PlimsollError("usage.unknown-option", "a Dockerfile and an image cannot be held against each other", {
        hint: "name two Dockerfiles, two directories or two images",
      });
    const outcome =
      files.length === 0
        ? await proveImages(engine, before, after, request, job)
        : await provePair(
            engine,
            await buildable(before, options, policy),
            await buildable(after, options, policy),
            { ...request, root: process.cwd() },
            job,
          );
    const document = documentOf(outcome, request, `${before} → ${after}`);
    show(document, outcome, options, terminal);
    return finish([document], [], options, terminal);
  });
}

function isArchive(name: string): boolean {
  return /\.(?:tar|tgz|tar\.gz|tar\.zst)$/i.test(name) || kindOf(`${name}/oci-layout`) === "file";
}

async function openSetting(options: ProveOptions, terminal: Terminal): Promise<Setting> {
  const engine = await startEngine(builtInImageRules);
  const policy = await policyFor(engine, options, options.failOn);
  const settings: BuildSettings = {
    choice: platformChoice(options),
    milliseconds: 1000 * wholeNumber("--timeout", options.timeout ?? "1800"),
    buildArgs: options.buildArg ?? [],
    smoke: {
      directory: process.cwd(),
      stayUpMilliseconds: 3_000,
      milliseconds: 120_000,
      ...(options.smoke === undefined ? {} : { command: options.smoke }),
    },
    ...(options.builder === undefined ? {} : { builder: options.builder }),
    ...(options.network === undefined ? {} : { network: options.network }),
    ...(options.platform === undefined ? {} : { platform: options.platform }),
    ...(options.target === undefined ? {} : { target: options.target }),
  };
  const unknown = options.claim?.find((claim) => !["read-only-root", "no-capabilities", "non-root"].includes(claim));
  if (unknown !== undefined)
    throw new PlimsollError("usage.unknown-option", `--claim ${unknown} is not allowed`, {
      hint: "give it read-only-root, no-capabilities or non-root",
    });
  return {
    engine,
    policy,
    job: stoppableJob(options, terminal),
    request: {
      policy,
      settings,
      scan: scanSettings(options),
      mostTrials: wholeNumber("--tries", options.tries ?? "40"),
    },
  };
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new PlimsollError("usage.unknown-option", `${name} ${text} is not allowed`, { hint: "give it a whole number" });
}

/** Being asked to end (a CI job that is cancelled) is Ctrl-C by other means. */
function stoppableJob(options: ProveOptions, terminal: Terminal): ProveJob {
  const job = openJob(options, terminal);
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop.abort());
  const { signal } = job;
  return {
    ...job,
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
    ...(options.quiet ? {} : { onProgress: (what: string) => terminal.note(`${what} …`) }),
  };
}

async function untilStopped(job: ProveJob, terminal: Terminal, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!job.signal?.aborted) throw error;
    terminal.note("stopped: nothing was written, and nothing is left behind");
    return stopped;
  }
}

function rootedRequest(targets: readonly string[], options: ProveOptions, policy: Policy) {
  return {
    root: process.cwd(),
    targets,
    policy,
    ...(options.context === undefined ? {} : { context: options.context }),
  };
}

async function buildable(target: string, options: ProveOptions, policy: Policy) {
  const { buildables } = await openBuildables(rootedRequest([target], options, policy));
  const [first, second] = buildables;
  if (first && !second) return first;
  throw new PlimsollError("usage.unknown-option", `${target} holds ${buildables.length} Dockerfiles`, {
    hint: "name the one that is meant",
  });
}

function documentOf(outcome: ProofOutcome, request: ProveRequest, target: string): ProofDocument {
  const colors = createColors(false);
  const diff = outcome.changes.map(({ path, before, after }) => unifiedDiff(path, before, after, colors)).join("");
  return proofDocument(outcome, request, { target, diff, version });
}

function show(document: ProofDocument, outcome: ProofOutcome, options: ProveOptions, terminal: Terminal): void {
  if ([options.proof, options.markdown, options.vex].includes("-")) return;
  const colors = createColors(terminal.color);
  for (const { path, before, after } of outcome.changes) terminal.out(unifiedDiff(path, before, after, colors));
  terminal.out(renderProof(document, { color: terminal.color, quiet: options.quiet ?? false }));
}

function writeProved({ verdict }: ProofDocument, { changes }: ProofOutcome, terminal: Terminal): void {
  if (verdict !== "proved") {
    if (changes.length > 0) terminal.note(`nothing was written: ${verdict} is no proof`);
    return;
  }
  for (const { path, before, after } of changes) writeChange(path, before, after);
  for (const { path } of changes) terminal.note(`wrote ${escapeLine(path)}`);
}

/** One proof as it is, several as a list. */
function finish(
  documents: readonly ProofDocument[],
  gaps: readonly Gap[],
  options: ProveOptions,
  terminal: Terminal,
): number {
  const put = (file: string | undefined, text: string): void => {
    if (file === "-") terminal.out(text);
    else if (file !== undefined) writeFileAtomically(file, text);
  };
  const [only] = documents;
  put(options.proof, `${JSON.stringify(documents.length === 1 ? only : documents, null, 2)}\n`);
  put(options.markdown, documents.map(renderProofMarkdown).join("\n"));
  if (options.vex !== undefined) {
    const vex = documents.map((one) => renderOpenVex(one, { timestamp: timestamp(), author: "plimsoll" }) ?? "");
    put(options.vex, vex.join(""));
  }
  for (const gap of gaps) terminal.note(`not examined ${escapeLine(gap.subject)}: ${escapeLine(gap.reason)}`);
  const worst = documents.map(({ verdict }) => statuses[verdict]);
  return worst.includes(1) ? 1 : worst.includes(3) || gaps.length > 0 ? 3 : 0;
}

/** SOURCE_DATE_EPOCH wins, so that a document can be made again. */
function timestamp(): string {
  const epoch = Number(process.env["SOURCE_DATE_EPOCH"]);
  return Number.isFinite(epoch) && epoch > 0
    ? new Date(epoch * 1000).toISOString()
    : new Date(Date.now()).toISOString();
}
