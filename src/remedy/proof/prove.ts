import type { Finding, Severity } from "../../core/index.ts";
import type { Action, Claim } from "../action.ts";
import type { BuildOutcome } from "../builders/builder.ts";
import { bisect, type Verdict as Holds } from "./bisect.ts";
import type { Gate, GateResult, ProofPlan } from "./gate.ts";
import { gates as allGates } from "./gates/list.ts";
import { unionOfScopes } from "./scope.ts";
import type { ProvedImage, Side } from "./side.ts";
import type { SmokeKind, SmokeResult } from "./smoke.ts";
import { suspectsOf } from "./suspects.ts";
import { unreachable } from "./unreachable.ts";

/** The texts that a choice of actions ends in. */
export interface Candidate {
  readonly dockerfile: string;
  readonly ignore: string;
  /** Other files of the build context that an action may write, by their path in it: as they are to be, changed or not. */
  readonly files: ReadonlyMap<string, string>;
  /** Those of the actions that found something to do. */
  readonly applied: readonly Action[];
  /** Those that were chosen and could not be made, and why. */
  readonly refused?: ReadonlyMap<Action, string>;
  /** Findings in the texts. */
  readonly findings: readonly Finding[];
}

/** Everything that a proof needs done. Only `apply` is there without a builder. */
export interface Workbench {
  apply(actions: readonly Action[]): Candidate | Promise<Candidate>;
  readonly engine?: {
    build(candidate: Candidate): Promise<BuildOutcome>;
    examine(built: Exclude<BuildOutcome, { failure: string }>, candidate: Candidate): Promise<Side>;
    /** Undefined where the builder runs nothing. */
    smoke?: (image: ProvedImage, claims: readonly Claim[]) => Promise<SmokeResult>;
  };
}

export interface Check {
  readonly gate: string;
  readonly ok: boolean;
  readonly detail: string;
}

/**
 * `proved`: built, held by every gate, and the smoke test passes as before. `built`: the same without a smoke test that could
 * tell. `static`: nothing was built, the texts alone were looked at. `rejected`: no action holds.
 */
export type ProofVerdict = "proved" | "built" | "static" | "rejected";

export interface Proof {
  readonly verdict: ProofVerdict;
  /** Why it is no more than that. */
  readonly because?: string;
  readonly checks: readonly Check[];
  readonly before: Side;
  readonly after: Side;
  readonly candidate: Candidate;
  readonly kept: readonly Action[];
  readonly rejected: readonly { readonly action: Action; readonly reason: string }[];
  readonly smoke?: SmokeKind;
  /** How many sets of actions were tried. */
  readonly trials: number;
}

export interface ProveOptions {
  readonly failOn: Severity | "none";
  /** How many sets of actions are tried before the rest is rejected untried. */
  readonly mostTrials: number;
  readonly onProgress?: (what: string) => void;
}

interface Trial {
  readonly verdict: Holds<Action>;
  readonly checks: readonly Check[];
  readonly side: Side;
  readonly candidate: Candidate;
}

/**
 * Tries actions on a copy: applies, builds, holds every gate and runs the smoke test, and when something does not hold looks for
 * the largest set of actions that does. Rejects only with what the workbench rejects with.
 * @param ground what is held against; the workbench's original, built anew, when it is not given
 */
export async function prove(
  actions: readonly Action[],
  bench: Workbench,
  options: ProveOptions,
  gates: readonly Gate[] = allGates,
  ground?: Ground,
): Promise<Proof> {
  const base = ground ?? (await openGround(bench, options));
  const { candidate: original, claims: held } = base;
  const trials = new Map<string, Trial>();
  const keyOf = (chosen: readonly Action[]): string => chosen.map(({ id }) => id).join(" ");
  const apply = (chosen: readonly Action[]): Candidate | Promise<Candidate> =>
    bench.apply(chosen.filter(({ claim }) => claim === undefined));
  const holds = async (chosen: readonly Action[]): Promise<Holds<Action>> => {
    options.onProgress?.(`trying ${chosen.length} of ${actions.length} actions`);
    const candidate = await apply(chosen);
    const claims = [...held, ...chosen.flatMap(({ claim }) => claim ?? [])];
    const same = [...trials.values()].find((one) => sameTexts(one.candidate, candidate));
    const trial =
      same && claims.length === 0 && same.verdict.holds
        ? same
        : await tryCandidate(candidate, chosen, claims, base, bench, options, gates);
    trials.set(keyOf(chosen), trial);
    if (trial.verdict.holds) {
      return { holds: true, idle: chosen.filter((one) => one.claim === undefined && !candidate.applied.includes(one)) };
    }
    if (trial.checks.at(-1)?.gate !== "builds") return trial.verdict;
    return { ...trial.verdict, suspects: await suspectsOf(trial.verdict.reason, chosen, candidate, original, apply) };
  };
  const found = await bisect(actions, holds, options.mostTrials);
  const best = trials.get(keyOf(found.kept));
  const rejected = found.rejected.map(({ item, reason }) => ({ action: item, reason }));
  const nothingHolds = found.kept.length === 0 && actions.length > 0;
  // Where nothing holds, what is shown is what was tried first: everything.
  const tried = best ?? (nothingHolds ? trials.get(keyOf(actions)) : undefined);
  const after = tried ?? { checks: [], side: base.side };
  const candidate = best?.candidate ?? original;
  const because = nothingHolds ? "no action holds" : base.because;
  return {
    verdict: nothingHolds ? "rejected" : base.best,
    ...(because === undefined ? {} : { because }),
    checks: [...base.checks, ...after.checks],
    before: base.side,
    after: after.side,
    candidate,
    kept: found.kept.filter((action) => action.claim !== undefined || candidate.applied.includes(action)),
    rejected,
    ...(base.smoke?.ok ? { smoke: base.smoke.kind } : {}),
    trials: found.trials,
  };
}

function sameTexts(a: Candidate, b: Candidate): boolean {
  return (
    a.dockerfile === b.dockerfile &&
    a.ignore === b.ignore &&
    [...new Set([...a.files.keys(), ...b.files.keys()])].every((path) => a.files.get(path) === b.files.get(path))
  );
}

/** What is held against: the original or what holds already, and how much can be said at best. */
export interface Ground {
  readonly candidate: Candidate;
  readonly side: Side;
  /** How it can be run, as was seen already: so it must stay. */
  readonly claims: readonly Claim[];
  readonly best: "proved" | "built" | "static";
  readonly because?: string;
  readonly checks: readonly Check[];
  readonly smoke?: SmokeResult;
}

/** Builds and runs a workbench's original. */
export async function openGround(bench: Workbench, { onProgress }: ProveOptions): Promise<Ground> {
  const candidate = await bench.apply([]);
  return { candidate, claims: [], ...(await lookAt(candidate, bench, onProgress)) };
}

/** What a proof came to, as ground for another one on top of it. */
export function groundOn(ground: Ground, { candidate, after, kept }: Proof): Ground {
  if (kept.length === 0) return { ...ground, checks: [] };
  const claims = [...ground.claims, ...kept.flatMap(({ claim }) => claim ?? [])];
  return { ...ground, candidate, side: after, claims, checks: [] };
}

async function lookAt(
  original: Candidate,
  { engine }: Workbench,
  onProgress: ProveOptions["onProgress"],
): Promise<Omit<Ground, "candidate" | "claims">> {
  const texts = { findings: original.findings };
  if (!engine) return { side: texts, best: "static", because: "nothing here builds images", checks: [] };
  onProgress?.("building the original");
  const built = await engine.build(original);
  if ("failure" in built) {
    const detail = `the original does not build: ${built.failure}`;
    return {
      side: texts,
      best: "static",
      because: "the original does not build",
      checks: [{ gate: "builds", ok: false, detail }],
    };
  }
  const side = await engine.examine(built, original);
  if (!engine.smoke || !side.image)
    return { side, best: "built", because: "the builder runs nothing, so there was no smoke test", checks: [] };
  onProgress?.("running the original");
  const smoke = await engine.smoke(side.image, []);
  if (smoke.ok) return { side, best: "proved", checks: [], smoke };
  const because = "the original does not pass the smoke test, so that it cannot tell";
  return { side, best: "built", because, checks: [{ gate: "smoke before", ok: false, detail: smoke.detail }], smoke };
}

async function tryCandidate(
  candidate: Candidate,
  chosen: readonly Action[],
  claims: readonly Claim[],
  base: Ground,
  { engine }: Workbench,
  { failOn }: ProveOptions,
  gates: readonly Gate[],
): Promise<Trial> {
  const plan: ProofPlan = {
    targets: candidate.applied.flatMap(({ resolves }) => resolves),
    actions: candidate.applied,
    scope: unionOfScopes(chosen.map(({ scope }) => scope)),
    failOn,
  };
  const checks: Check[] = [];
  let side: Side = { findings: candidate.findings };
  let blame: GateResult["blame"];
  const done = (): Trial => {
    const failed = checks.find(({ ok }) => !ok);
    const verdict: Holds<Action> = failed
      ? { holds: false, reason: `${failed.gate}: ${failed.detail}`, ...(blame ? { blame } : {}) }
      : { holds: true };
    return { verdict, checks, side, candidate };
  };
  const add = (gate: string, result: GateResult): boolean => {
    checks.push({ gate, ok: result.ok, detail: result.detail });
    blame ??= result.blame;
    return result.ok;
  };
  const { refused } = candidate;
  if (refused && refused.size > 0) {
    const [detail = ""] = refused.values();
    add("can be made", { ok: false, detail, blame: refused });
    return done();
  }
  // Of the texts first: what fails there need not be built.
  const original = { findings: base.side.findings.filter(({ at }) => at.kind !== "image") };
  for (const gate of gates)
    if (gate.needs === "texts" && !add(gate.id, gate.check(original, side, plan))) return done();
  if (!engine || base.best === "static") return done();
  const built = await engine.build(candidate);
  if ("failure" in built) {
    const guilty = unreachable(built.failure, candidate.applied);
    add("builds", { ok: false, detail: built.failure, ...(guilty.size > 0 ? { blame: guilty } : {}) });
    return done();
  }
  side = await engine.examine(built, candidate);
  checks.length = 0;
  checks.push({ gate: "builds", ok: true, detail: "both build" });
  for (const { gate, result } of heldGates(base.side, side, plan, gates)) if (!add(gate, result)) return done();
  if (!engine.smoke || !side.image || !base.smoke?.ok) return done();
  if (!add("smoke", compareSmoke(base.smoke, await engine.smoke(side.image, [])))) return done();
  for (const claim of claims) {
    if (claim === "non-root" && isRoot(side.image.config.user)) {
      if (!add(claim, { ok: false, detail: "the image's user is root" })) return done();
    } else if (!add(claim, compareSmoke(base.smoke, await engine.smoke(side.image, [claim])))) return done();
  }
  return done();
}

/** What every gate says of two sides, in order. */
export function* heldGates(
  before: Side,
  after: Side,
  plan: ProofPlan,
  gates: readonly Gate[] = allGates,
): Iterable<{ readonly gate: string; readonly result: GateResult }> {
  for (const gate of gates) {
    if (gate.needs === "texts") yield { gate: gate.id, result: gate.check(before, after, plan) };
    else if (before.image && after.image) yield { gate: gate.id, result: gate.check(before.image, after.image, plan) };
  }
}

/** What stayed up must stay up, and what ended well must end well; another kind of test may have taken the place of that. */
function compareSmoke(before: SmokeResult, after: SmokeResult): SmokeResult {
  const stopped = after.ok && after.kind === "ends-well" && before.kind !== "ends-well";
  return stopped ? { ...after, ok: false, detail: "the container ends, which it did not before" } : after;
}

function isRoot(user: string): boolean {
  return /^(?:|root|0)(?::.*)?$/.test(user);
}
