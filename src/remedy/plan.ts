import { type Amount, type Edit, type Finding, type Fix, type Severity, severities } from "../core/index.ts";
import * as list from "./actions/list.ts";
import { withoutDominated } from "./dominance.ts";
import type { PlanMatch, PlanSubject, Proposal, Remedy } from "./plan-subject.ts";
import { type CauseKind, fixOrder, type RootCause } from "./root-cause.ts";
import { resolvedByClosing } from "./resolved-by-closing.ts";
import { vulnerablePackages } from "./vulnerable-packages.ts";
import { worthOf } from "./worth.ts";

export type Counts = Readonly<Record<Severity | "unknown", number>>;

/** What an action would change. Sizes in bytes; below 0 they grow. */
export interface Effect {
  readonly bytes?: Amount;
  /** As stored: what every pull is spared. */
  readonly storedBytes?: Amount;
  /** How many vulnerabilities fewer; below 0 there are more. */
  readonly advisories: Counts;
}

/** One thing that may be done, or left. */
export interface PlannedAction {
  /** "REMEDY:KEY"; the same for the same findings in the same texts. */
  readonly id: string;
  readonly remedy: string;
  readonly title: string;
  readonly safety: Fix["safety"];
  /** Lines of the Dockerfile that it is about, from 1, sorted; empty where it is about none. */
  readonly lines: readonly number[];
  /** Fingerprints of the findings that are gone afterwards, sorted. */
  readonly resolves: readonly string[];
  /** Vulnerabilities that are gone afterwards, "ID PURL" each, sorted. */
  readonly closes: readonly string[];
  readonly effect: Effect;
  /** Ids of actions that it cannot be combined with, sorted. */
  readonly excludes: readonly string[];
  /** In the texts as they are; empty where it is advice. */
  readonly edits: readonly Edit[];
  readonly notes: readonly string[];
}

/** A vulnerable package, why it is there, and what helps against it, the first thing to try first. */
export interface PlannedPackage {
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  readonly cause: CauseKind;
  readonly at?: RootCause["at"];
  readonly file?: string;
  readonly advisories: Counts;
  /** How many of them no version fixes: they are left to a VEX statement, or to a container that keeps them out of reach. */
  readonly withoutFix: number;
  /** Ids of actions. */
  readonly actions: readonly string[];
}

export interface Plan {
  /** The most worth first. */
  readonly actions: readonly PlannedAction[];
  /** Sorted by purl. */
  readonly packages: readonly PlannedPackage[];
  /** Of the image as it is; absent without one. */
  readonly before?: { readonly bytes: number; readonly storedBytes: number; readonly advisories: Counts };
  /** What doing all safe and likely actions that go together would come to, in the order of the plan. */
  readonly predicted?: { readonly actions: readonly string[]; readonly bytes: number; readonly advisories: Counts };
  /** Fingerprints of findings that no action answers, sorted. */
  readonly unanswered: readonly string[];
}

/** Every remedy, sorted by id. */
export const builtInRemedies: readonly Remedy[] = /* @__PURE__ */ Object.values(list).sort((a, b) =>
  a.id < b.id ? -1 : 1,
);

/**
 * Joins what was found in Dockerfiles, contexts, an image and advisories into one list of actions, the most worth first. An
 * action of which another of the same safety does all, and with which it can be combined, is left out. Pure, and the same for
 * the same subject.
 */
export function planRemedy(subject: PlanSubject, remedies: readonly Remedy[] = builtInRemedies): Plan {
  const closing = resolvedByClosing(subject);
  const proposed = remedies.flatMap((remedy) =>
    [...remedy.propose(subject)].map((proposal) => actionOf(remedy, proposal, closing)),
  );
  const kept = withoutDominated(
    proposed.filter(doesSomething).map((one) => one.action),
    choices(proposed),
  );
  const worth = new Map(kept.map((action) => [action.id, worthOf(action, subject.findings)]));
  const ranked = kept.toSorted(
    (a, b) => (worth.get(b.id) ?? 0) - (worth.get(a.id) ?? 0) || rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1),
  );
  const ids = new Set(ranked.map(({ id }) => id));
  const actions = ranked.map((action) => ({ ...action, excludes: action.excludes.filter((id) => ids.has(id)) }));
  const answered = new Set(actions.flatMap(({ resolves }) => resolves));
  const unanswered = subject.findings.map(({ fingerprint }) => fingerprint).filter((one) => !answered.has(one));
  return {
    actions,
    packages: plannedPackages(subject, actions),
    ...sidesOf(subject, actions),
    unanswered: [...new Set(unanswered)].sort(),
  };
}

interface Proposed {
  readonly action: PlannedAction;
  readonly oneOf: string | undefined;
}

function actionOf(
  { id: remedy }: Remedy,
  proposal: Proposal,
  closing: (closes: readonly PlanMatch[]) => readonly Finding[],
): Proposed {
  const {
    key,
    title,
    safety,
    lines = [],
    edits = [],
    resolves,
    closes = [],
    brings = {},
    bytes,
    storedBytes,
    notes = [],
  } = proposal;
  const closed = countLevels(closes);
  return {
    oneOf: proposal.oneOf,
    action: {
      id: `${remedy}:${key}`,
      remedy,
      title,
      safety,
      lines,
      resolves: sortedSet([...resolves, ...closing(closes)].map(({ fingerprint }) => fingerprint)),
      closes: sortedSet(closes.map(({ id, purl }) => `${id} ${purl}`)),
      effect: {
        ...(bytes ? { bytes } : {}),
        ...(storedBytes ? { storedBytes } : {}),
        advisories: mapCounts((level) => closed[level] - (brings[level] ?? 0)),
      },
      excludes: [],
      edits,
      notes,
    },
  };
}

function doesSomething({ action: { resolves, closes, effect } }: Proposed): boolean {
  return resolves.length > 0 || closes.length > 0 || (effect.bytes?.value ?? 0) > 0;
}

/** Who excludes whom: all that are choices of one thing. */
function choices(proposed: readonly Proposed[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { action, oneOf } of proposed)
    if (oneOf !== undefined) groups.set(oneOf, [...(groups.get(oneOf) ?? []), action.id]);
  return new Map(
    [...groups.values()].flatMap((ids) => ids.map((id) => [id, ids.filter((other) => other !== id).sort()] as const)),
  );
}

/** The remedies in the order in which they help against most causes: what is worth the same is done in it. */
const order = [...new Set(Object.values(fixOrder).flat())];

function rankOf({ safety, remedy }: PlannedAction): number {
  const at = order.indexOf(remedy);
  return ["safe", "likely", "assisted"].indexOf(safety) * 100 + (at < 0 ? order.length : at);
}

function plannedPackages(subject: PlanSubject, actions: readonly PlannedAction[]): readonly PlannedPackage[] {
  const helping = new Map<string, PlannedAction[]>();
  for (const action of actions) {
    const purls = new Set(action.closes.map((one) => one.slice(one.indexOf(" ") + 1)));
    for (const purl of purls) helping.set(purl, [...(helping.get(purl) ?? []), action]);
  }
  return vulnerablePackages(subject).map(({ package: { purl, name, version }, cause, matches }) => {
    const first = fixOrder[cause.kind];
    const rank = ({ remedy }: PlannedAction): number => (first.includes(remedy) ? first.indexOf(remedy) : first.length);
    return {
      purl,
      name,
      version,
      cause: cause.kind,
      ...(cause.at ? { at: cause.at } : {}),
      ...(cause.file === undefined ? {} : { file: cause.file }),
      advisories: countLevels(matches),
      withoutFix: matches.filter(({ fixedIn }) => fixedIn === undefined).length,
      actions: (helping.get(purl) ?? []).toSorted((a, b) => rank(a) - rank(b)).map(({ id }) => id),
    };
  });
}

function sidesOf({ image }: PlanSubject, actions: readonly PlannedAction[]): Pick<Plan, "before" | "predicted"> {
  if (!image) return {};
  const before = {
    bytes: image.weight.total.unpacked,
    storedBytes: image.weight.layers.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    advisories: countLevels(image.matches),
  };
  const taken: PlannedAction[] = [];
  const closed = new Set<string>();
  for (const action of actions) {
    if (action.safety === "assisted" || taken.some(({ id }) => action.excludes.includes(id))) continue;
    taken.push(action);
    for (const one of action.closes) closed.add(one);
  }
  const left = countLevels(image.matches.filter(({ id, purl }) => !closed.has(`${id} ${purl}`)));
  const brought = (level: Severity | "unknown"): number =>
    taken.reduce((sum, { closes, effect }) => sum + levelCount(image, closes, level) - effect.advisories[level], 0);
  return {
    before,
    predicted: {
      actions: taken.map(({ id }) => id),
      bytes: before.bytes - savedTogether(image, taken),
      advisories: mapCounts((level) => left[level] + Math.max(0, brought(level))),
    },
  };
}

/**
 * Several actions may save the same bytes. Another base saves no more than the base has, the others together no more than what
 * is above it; where that is not known, the one counts that saves most.
 */
function savedTogether({ weight }: NonNullable<PlanSubject["image"]>, actions: readonly PlannedAction[]): number {
  const saves = actions.map(({ remedy, effect }) => ({
    ofBase: remedy === "base-change",
    value: effect.bytes?.value ?? 0,
  }));
  if (weight.baseLayers === 0) return Math.min(weight.total.unpacked, Math.max(0, ...saves.map(({ value }) => value)));
  const base = weight.layers.slice(0, weight.baseLayers).reduce((sum, { bytes }) => sum + bytes.unpacked, 0);
  const sum = (ofBase: boolean): number =>
    saves.reduce((total, one) => total + (one.ofBase === ofBase ? one.value : 0), 0);
  return Math.min(base, sum(true)) + Math.min(weight.total.unpacked - base, sum(false));
}

function levelCount({ matches }: NonNullable<PlanSubject["image"]>, closes: readonly string[], level: string): number {
  const closed = new Set(closes);
  return matches.filter((match) => match.level === level && closed.has(`${match.id} ${match.purl}`)).length;
}

/** How many there are of each level. */
export function countLevels(matches: readonly PlanMatch[]): Counts {
  return mapCounts((level) => matches.filter((match) => match.level === level).length);
}

function mapCounts(of: (level: Severity | "unknown") => number): Counts {
  return Object.fromEntries([...severities, "unknown" as const].map((level) => [level, of(level)])) as Record<
    Severity | "unknown",
    number
  >;
}

function sortedSet(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
