import { readTextFile } from "../host/index.ts";
import {
  type Action,
  type Candidate,
  type ChosenRemedies,
  chooseRemedies,
  type Ground,
  groundOn,
  joinProofs,
  type LockFiles,
  type PlanBase,
  type PlanSubject,
  type Proof,
  prove,
  type ProveOptions,
  type Workbench,
} from "../remedy/index.ts";
import { parseDockerfile } from "../syntax/index.ts";
import { baseOfDockerfile } from "./base-of.ts";
import { type BaseRequest, chooseBase } from "./base-choice.ts";
import type { Examined } from "./check.ts";
import type { ExamineJob } from "./examine-image.ts";
import { contextPrefix, lockFilesOf } from "./lock-files-of.ts";
import { raiseLock, type ToolPlace } from "./raise-lock.ts";

/** How bases are chosen; see `BaseRequest`. */
export type BaseSettings = Omit<BaseRequest, "reference" | "place">;

export interface RemediesRequest {
  readonly subject: Examined;
  readonly root: string;
  readonly contextRoot: string;
  readonly likely: boolean;
  /** YYYY-MM-DD. */
  readonly today: string;
  /** Without it the base stays. */
  readonly bases?: BaseSettings;
  readonly bench: Workbench;
  readonly options: ProveOptions;
  readonly tools?: ToolPlace;
  /** Findings in changed texts. */
  readonly findingsIn: (candidate: Pick<Candidate, "dockerfile" | "ignore">) => Candidate["findings"];
}

/** A base or two, then what is on top of it, and once more for what that brought. */
const mostRounds = 5;

/**
 * The plan's remedies, proved on top of the rules' fixes. Rules may change the base, drop packages and split stages, so that only
 * the image which that ends in tells what is still vulnerable, and where: it is what the remedies are proposed for. Each round
 * takes the image that held last, tries what the plan proposes for it, held against it, and is joined with what was proved
 * before, held against the original. First comes another base, where bases are measured, one at a time; then upgrades, pins and
 * lock files together. Nothing is tried twice, and a round without anything new to try ends it.
 * @param first the proof of the rules' fixes
 * @param ground the original
 */
export async function proveRemedies(
  request: RemediesRequest,
  first: Proof,
  ground: Ground,
  job: ExamineJob,
): Promise<Proof> {
  const { options, bench, tools } = request;
  const files = openFiles(request);
  const tried = new Set<string>();
  let proof = first;
  let standing = groundOn(ground, first);
  let bases = request.bases;
  for (let round = 0; round < mostRounds && proof.trials < options.mostTrials; round++) {
    const subject = planSubject(request, standing, files, bases && (await basesOf(standing, bases, request, job)));
    if (!subject) break;
    const choice = chooseRemedies(subject, {
      likely: request.likely,
      without: tried,
      tools: tools?.builder.runs === true,
      read: (path) => files.read(path, standing.candidate),
    });
    if (choice.actions.length === 0) break;
    for (const { id } of choice.actions) tried.add(id);
    const apply = (chosen: readonly Action[]): Promise<Candidate> =>
      makeCandidate(choice.apply(chosen), standing.candidate, files, request);
    const next = await prove(
      choice.actions,
      { ...bench, apply },
      { ...options, mostTrials: options.mostTrials - proof.trials },
      undefined,
      standing,
    );
    const joined = joinProofs(proof, next, options);
    if (joined.kept.length > proof.kept.length) standing = groundOn(standing, next);
    if (next.kept.some(({ rule }) => rule === "base-change")) bases = undefined;
    proof = joined;
  }
  return proof;
}

function planSubject(
  { subject: { dockerfile }, today }: RemediesRequest,
  { side, candidate }: Ground,
  files: ProjectFiles,
  bases: readonly PlanBase[] | undefined,
): PlanSubject | undefined {
  const image = side.image?.plan;
  if (!image) return undefined;
  const { path } = dockerfile.source;
  const texts = new Map([...files.texts.keys()].map((one) => [one, files.read(one, candidate)]));
  return {
    findings: [],
    dockerfiles: new Map([[path, parseDockerfile({ path, text: candidate.dockerfile })]]),
    lockFiles: files.lockFiles,
    texts,
    image,
    bases: bases ?? [],
    today,
  };
}

async function basesOf(
  { candidate }: Ground,
  bases: BaseSettings,
  { subject }: RemediesRequest,
  job: ExamineJob,
): Promise<readonly PlanBase[]> {
  const { path } = subject.dockerfile.source;
  const dockerfile = parseDockerfile({ path, text: candidate.dockerfile });
  const base = baseOfDockerfile(dockerfile);
  if (!base) return [];
  const place = { path, line: base.line };
  const { document, open } = await chooseBase({ ...bases, reference: base.reference, place }, job);
  return [{ path, options: document.options, open }];
}

/** The project's files that remedies may write, as they are and as a candidate has them. */
interface ProjectFiles extends Pick<PlanSubject, "lockFiles" | "texts"> {
  /** Paths in the context, by those in the project. */
  inContext(path: string): string;
  read(path: string, candidate: Candidate): string;
  /** A file of the context that would be sent; undefined where there is none that is text. */
  find(inContext: string, candidate: Candidate): string | undefined;
}

function openFiles({ subject, root, contextRoot }: RemediesRequest): ProjectFiles {
  const { context, dockerfile } = subject;
  const prefix = contextPrefix(root, contextRoot);
  const regular = new Set(context?.files.filter(({ type }) => type === "file").map(({ path }) => path));
  const found = lockFilesOf(context, prefix);
  const inContext = (path: string): string => path.slice(prefix.length);
  const find = (path: string, { files }: Candidate): string | undefined => {
    if (files.has(path)) return files.get(path);
    if (!regular.has(path)) return undefined;
    try {
      return readTextFile(`${contextRoot}/${path}`, prefix + path);
    } catch {
      return undefined;
    }
  };
  return {
    ...found,
    inContext,
    find,
    read: (path, candidate) =>
      path === dockerfile.source.path ? candidate.dockerfile : (find(inContext(path), candidate) ?? ""),
  };
}

/** What holds already with what was chosen on top of it; a lock file that its tool does not write is refused with the reason. */
async function makeCandidate(
  { texts, applied, raises }: ChosenRemedies,
  standing: Candidate,
  project: ProjectFiles,
  { subject, tools, findingsIn }: RemediesRequest,
): Promise<Candidate> {
  const { path } = subject.dockerfile.source;
  const dockerfile = texts.get(path) ?? standing.dockerfile;
  const files = new Map(standing.files);
  for (const [one, text] of texts) if (one !== path) files.set(project.inContext(one), text);
  const refused = new Map<Action, string>();
  for (const { lockFile, raises: all, actions } of raises) {
    const whole = project.inContext(lockFile);
    const directory = whole.slice(0, whole.lastIndexOf("/") + 1);
    const outcome = tools
      ? await raiseLock(
          whole.slice(directory.length),
          all,
          (name) => project.find(directory + name, standing),
          parseDockerfile({ path, text: dockerfile }),
          tools,
        )
      : { failure: "nothing here runs its tool" };
    if ("failure" in outcome) for (const action of actions) refused.set(action, outcome.failure);
    else keepChanged(outcome.files, directory, standing, project, files);
  }
  const { ignore } = standing;
  return { dockerfile, ignore, files, applied, refused, findings: findingsIn({ dockerfile, ignore }) };
}

function keepChanged(
  written: LockFiles,
  directory: string,
  standing: Candidate,
  project: ProjectFiles,
  files: Map<string, string>,
): void {
  for (const [name, text] of written)
    if (text !== project.find(directory + name, standing)) files.set(directory + name, text);
}
