import { severities } from "../core/index.ts";
import type { PlannedAction } from "./plan.ts";

/**
 * Actions that another makes superfluous are left out: one that can be combined with it, is as safe, and resolves, closes and
 * saves at least as much. Of two that do the same the first by id stays.
 * @param choices ids that an action cannot be combined with
 */
export function withoutDominated(
  actions: readonly PlannedAction[],
  choices: ReadonlyMap<string, readonly string[]>,
): readonly PlannedAction[] {
  const all = actions.map((action) => ({ ...action, excludes: choices.get(action.id) ?? [] }));
  // Who dominates does at least as much, so that one by one in this order each is held against those that stay.
  const sorted = all.toSorted((a, b) => bySize(a, b) || (a.id < b.id ? -1 : 1));
  const byFinding = new Map<string, PlannedAction[]>();
  const kept: PlannedAction[] = [];
  for (const action of sorted) {
    // Only an action that resolves or closes its first thing too can do all that it does.
    const first = action.resolves[0] ?? action.closes[0];
    const others = first === undefined ? kept : (byFinding.get(first) ?? []);
    if (others.some((other) => dominates(other, action))) continue;
    kept.push(action);
    for (const key of [...action.resolves, ...action.closes]) {
      const list = byFinding.get(key);
      if (list) list.push(action);
      else byFinding.set(key, [action]);
    }
  }
  return kept;
}

/** Whether `other` does all that `action` does, as safely, and can be done beside it. */
export function dominates(other: PlannedAction, action: PlannedAction): boolean {
  return (
    other.id !== action.id &&
    other.safety === action.safety &&
    !action.excludes.includes(other.id) &&
    includesAll(other.resolves, action.resolves) &&
    includesAll(other.closes, action.closes) &&
    (["bytes", "storedBytes"] as const).every(
      (of) => (other.effect[of]?.value ?? 0) >= (action.effect[of]?.value ?? 0),
    ) &&
    [...severities, "unknown" as const].every(
      (level) => other.effect.advisories[level] >= action.effect.advisories[level],
    )
  );
}

/** What dominates another comes before it, or is its equal. */
function bySize(a: PlannedAction, b: PlannedAction): number {
  const [x, y] = [sizes(a), sizes(b)];
  return y.map((value, index) => value - (x[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function sizes({ resolves, closes, effect }: PlannedAction): readonly number[] {
  const { bytes, storedBytes, advisories } = effect;
  const fewer = Object.values(advisories).reduce((sum, count) => sum + count, 0);
  return [resolves.length + closes.length, fewer, bytes?.value ?? 0, storedBytes?.value ?? 0];
}

/** Both sorted by code unit. */
function includesAll(all: readonly string[], some: readonly string[]): boolean {
  let at = 0;
  for (const one of some) {
    while (at < all.length && (all[at] ?? "") < one) at++;
    if (all[at] !== one) return false;
  }
  return true;
}
