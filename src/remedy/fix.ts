import { applyEdits, type Edit, type Fix, type Problem, type SourceText } from "../core/index.ts";
import { type Dockerfile, parseDockerfile } from "../syntax/index.ts";

/** Fixes can uncover new ones, and a rewrite takes a pass of its own; a text that still changes after this many would for ever. */
const maximumPasses = 24;

export interface FixOutcome<P extends Problem = Problem> {
  /** The texts after fixing, by path: the Dockerfile always, others (`.dockerignore`) only when a fix wrote them. */
  readonly texts: ReadonlyMap<string, string>;
  /** What was applied, in order. */
  readonly applied: readonly { readonly problem: P; readonly fix: Fix }[];
}

/** Finds the problems of a Dockerfile, given the other texts that fixes have written by now. */
export type FindProblems<P extends Problem = Problem> = (
  dockerfile: Dockerfile,
  written: ReadonlyMap<string, string>,
) => readonly P[];

/**
 * Applies every fix that `accept` takes, in passes, until nothing changes. In one pass a fix is applied whole or not at all,
 * and never where another of the pass already edits; one that would make the Dockerfile parse worse is dropped.
 * @param source the Dockerfile
 * @param find the problems to fix; called once a pass
 * @param accept which fixes to apply; all of them when not given
 * @param read the present text of another file that a fix edits; "" when it does not exist
 */
export function fixText<P extends Problem>(
  source: SourceText,
  find: FindProblems<P>,
  accept: (fix: Fix, problem: P) => boolean = () => true,
  read: (path: string) => string = () => "",
): FixOutcome<P> {
  const texts = new Map([[source.path, source.text]]);
  const applied: Candidate<P>[] = [];
  for (let pass = 0; pass < maximumPasses; pass++) {
    const dockerfile = parseDockerfile({ path: source.path, text: texts.get(source.path) ?? "" });
    const candidates = find(dockerfile, texts).flatMap((problem) =>
      problem.fix && problem.fix.edits.length > 0 && accept(problem.fix, problem)
        ? [{ problem, fix: problem.fix }]
        : [],
    );
    const taken = choose(candidates);
    const done = applyTaken(taken, texts, dockerfile, read);
    if (done.length === 0) break;
    applied.push(...done);
  }
  return { texts, applied };
}

interface Candidate<P extends Problem = Problem> {
  readonly problem: P;
  readonly fix: Fix;
}

/** Whether two edits cannot both be made: they overlap, or insert at the same place. */
function collide(a: Edit, b: Edit): boolean {
  if (a.path !== b.path) return false;
  if (a.range.start === a.range.end && b.range.start === b.range.end) return a.range.start === b.range.start;
  return a.range.start <= b.range.end && b.range.start <= a.range.end;
}

function start(candidate: Candidate): number {
  return Math.min(...candidate.fix.edits.map((edit) => edit.range.start));
}

function choose<P extends Problem>(candidates: readonly Candidate<P>[]): Candidate<P>[] {
  const rewrite = candidates.find(({ fix }) => fix.alone);
  if (rewrite) return [rewrite];
  const taken: Candidate<P>[] = [];
  const edits: Edit[] = [];
  for (const candidate of [...candidates].sort((a, b) => start(a) - start(b))) {
    if (candidate.fix.edits.some((edit) => edits.some((other) => collide(edit, other)))) continue;
    taken.push(candidate);
    edits.push(...candidate.fix.edits);
  }
  return taken;
}

/** Applies all that was taken; when that parses worse, one by one, leaving out what is to blame. */
function applyTaken<P extends Problem>(
  taken: readonly Candidate<P>[],
  texts: Map<string, string>,
  dockerfile: Dockerfile,
  read: (path: string) => string,
): Candidate<P>[] {
  if (taken.length === 0) return [];
  const allowed = dockerfile.problems.length;
  let kept = [...taken];
  let after = applyAll(kept, texts, read);
  if (after && worse(after, dockerfile, allowed)) {
    kept = kept.filter((one) => {
      const alone = applyAll([one], texts, read);
      return alone && !worse(alone, dockerfile, allowed);
    });
    after = applyAll(kept, texts, read);
    if (after && worse(after, dockerfile, allowed)) return [];
  }
  if (!after || kept.length === 0 || [...after].every(([path, text]) => (texts.get(path) ?? read(path)) === text))
    return [];
  for (const [path, text] of after) texts.set(path, text);
  return kept;
}

function worse(after: ReadonlyMap<string, string>, dockerfile: Dockerfile, allowed: number): boolean {
  const text = after.get(dockerfile.source.path);
  return text !== undefined && parseDockerfile(text).problems.length > allowed;
}

function applyAll(
  candidates: readonly Candidate[],
  texts: ReadonlyMap<string, string>,
  read: (path: string) => string,
): Map<string, string> | undefined {
  const byPath = new Map<string, Edit[]>();
  for (const { fix } of candidates)
    for (const edit of fix.edits) byPath.set(edit.path, [...(byPath.get(edit.path) ?? []), edit]);
  const after = new Map<string, string>();
  try {
    for (const [path, edits] of byPath) after.set(path, applyEdits(texts.get(path) ?? read(path), edits));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return after;
}
