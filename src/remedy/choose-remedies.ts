import { applyEdits, type Edit } from "../core/index.ts";
import type { Action } from "./action.ts";
import * as list from "./actions/list.ts";
import { countLevels } from "./plan.ts";
import type { PlanMatch, PlanSubject, Proposal, Remedy } from "./plan-subject.ts";
import type { Raise } from "./raise/raise.ts";
import { scopeOfProposal } from "./scope-of-proposal.ts";
import { worthOf } from "./worth.ts";

/** What a choice of remedies asks for. */
export interface ChosenRemedies {
  /** The texts that change, by path, as they are then. */
  readonly texts: ReadonlyMap<string, string>;
  readonly applied: readonly Action[];
  /** What has to be written into lock files by their tools, and for which actions. */
  readonly raises: readonly {
    readonly lockFile: string;
    readonly raises: readonly Raise[];
    readonly actions: readonly Action[];
  }[];
}

/** What the plan would do about an image's vulnerabilities, as actions that can be chosen from. */
export interface RemedyChoice {
  readonly actions: readonly Action[];
  apply(chosen: readonly Action[]): ChosenRemedies;
}

export interface RemedyOptions {
  readonly likely: boolean;
  /** Ids of actions that were tried already. */
  readonly without: ReadonlySet<string>;
  /** Whether lock files can be written by their tools. */
  readonly tools: boolean;
  /** The present text of a file. */
  readonly read: (path: string) => string;
}

/** Remedies against vulnerabilities alone; what rules find has its fixes. A base is changed before anything is put on top of it. */
const remedies: readonly Remedy[] = [
  list.binaryRebuild,
  list.installerRemoval,
  list.packageUnpin,
  list.packageUpgrade,
  list.lockFileBump,
];

/** Those whose proposals are not taken apart. */
const whole: ReadonlySet<Remedy> = new Set([list.binaryRebuild, list.installerRemoval]);

interface Unit {
  readonly remedy: Remedy;
  readonly matches: readonly PlanMatch[];
}

/**
 * Takes the plan's proposals apart, so that each package can be left by itself: a proposal is made anew for whatever of the
 * vulnerabilities is chosen, so that one command upgrades, and one edit raises, all that is. Left out is what costs more than
 * it is worth. Of the choices of another base the one worth most is offered, alone; the next one when that was tried.
 */
export function chooseRemedies(subject: PlanSubject, options: RemedyOptions): RemedyChoice {
  const base = bestBase(subject, options);
  if (base) {
    const { action, proposal } = base;
    return {
      actions: [action],
      apply: (chosen) => ({
        texts: chosen.length > 0 ? editedTexts(proposal.edits ?? [], options) : new Map(),
        applied: chosen,
        raises: [],
      }),
    };
  }
  const units = new Map<Action, Unit>();
  for (const remedy of remedies)
    for (const proposal of remedy.propose(subject)) {
      if (!isOffered(proposal, options)) continue;
      for (const [unit, matches] of unitsOf(remedy, proposal, subject)) {
        const [own] = offeredOf(remedy, matches, subject, options);
        if (!own || worthOfProposal(own) <= 0) continue;
        const action = actionOf(remedy, own, `${remedy.id}:${own.key}:${unit}`);
        if (!options.without.has(action.id)) units.set(action, { remedy, matches });
      }
    }
  return { actions: [...units.keys()], apply: (chosen) => applyUnits(chosen, units, subject, options) };
}

function applyUnits(
  chosen: readonly Action[],
  units: ReadonlyMap<Action, Unit>,
  subject: PlanSubject,
  options: RemedyOptions,
): ChosenRemedies {
  const edits: Edit[] = [];
  const raises: ChosenRemedies["raises"][number][] = [];
  for (const remedy of remedies) {
    const own = chosen.filter((action) => units.get(action)?.remedy === remedy);
    const matches = own.flatMap((action) => units.get(action)?.matches ?? []);
    if (matches.length === 0) continue;
    for (const proposal of offeredOf(remedy, matches, subject, options)) {
      edits.push(...(proposal.edits ?? []));
      const closes = new Set(proposal.closes);
      const actions = own.filter((action) => units.get(action)?.matches.some((match) => closes.has(match)));
      if (proposal.raise) raises.push({ ...proposal.raise, actions });
    }
  }
  return { texts: editedTexts(edits, options), applied: chosen, raises };
}

/** What a remedy proposes when the image had some of its vulnerabilities alone. */
function offeredOf(
  remedy: Remedy,
  matches: readonly PlanMatch[],
  subject: PlanSubject,
  options: RemedyOptions,
): readonly Proposal[] {
  if (!subject.image) return [];
  const narrowed = { ...subject, image: { ...subject.image, matches } };
  return [...remedy.propose(narrowed)].filter((proposal) => isOffered(proposal, options));
}

function isOffered({ safety, edits = [], raise }: Proposal, { likely, tools }: RemedyOptions): boolean {
  if (raise) return likely && tools;
  return edits.length > 0 && (safety === "safe" || (safety === "likely" && likely));
}

/**
 * What is built from one source belongs together: its packages are upgraded with each other. So do installers, which need each
 * other, and what one compiler brings.
 */
function unitsOf(
  remedy: Remedy,
  { closes: matches = [] }: Proposal,
  { image }: PlanSubject,
): ReadonlyMap<string, readonly PlanMatch[]> {
  if (whole.has(remedy)) return new Map([["all", matches]]);
  const names = new Map(image?.packages.map((one) => [one.purl, one.source?.name ?? one.name]));
  const units = new Map<string, PlanMatch[]>();
  for (const match of matches) {
    const unit = names.get(match.purl) ?? match.purl;
    units.set(unit, [...(units.get(unit) ?? []), match]);
  }
  return new Map([...units].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function bestBase(
  subject: PlanSubject,
  options: RemedyOptions,
): { readonly action: Action; readonly proposal: Proposal } | undefined {
  const found = [...list.baseChange.propose({ ...subject, findings: [] })]
    .filter((proposal) => isOffered(proposal, options) && worthOfProposal(proposal) > 0)
    .toSorted((a, b) => worthOfProposal(b) - worthOfProposal(a) || (a.key < b.key ? -1 : 1))
    .map((proposal) => ({
      proposal,
      action: actionOf(list.baseChange, proposal, `${list.baseChange.id}:${proposal.key}`),
    }));
  // One that held is the base now, and nothing is better than it.
  return found.find(({ action }) => !options.without.has(action.id));
}

function worthOfProposal({ bytes, closes = [], brings = {} }: Proposal): number {
  const closed = countLevels(closes);
  const levels = Object.entries(closed) as [keyof typeof closed, number][];
  const advisories = Object.fromEntries(
    levels.map(([level, count]) => [level, count - (brings[level] ?? 0)]),
  ) as typeof closed;
  return worthOf({ resolves: [], safety: "likely", effect: { ...(bytes ? { bytes } : {}), advisories } }, []);
}

function actionOf(remedy: Remedy, proposal: Proposal, id: string): Action {
  const { title, safety, closes = [] } = proposal;
  return {
    id,
    rule: remedy.id,
    title,
    safety: proposal.raise ? "likely" : safety,
    resolves: [],
    closes,
    scope: scopeOfProposal(remedy.id, proposal),
  };
}

function editedTexts(edits: readonly Edit[], { read }: RemedyOptions): ReadonlyMap<string, string> {
  const byPath = new Map<string, Edit[]>();
  for (const edit of edits) byPath.set(edit.path, [...(byPath.get(edit.path) ?? []), edit]);
  return new Map([...byPath].map(([path, own]) => [path, applyEdits(read(path), own)]));
}
