import type { Finding } from "../core/index.ts";
import { type Action, type Scope, scopeOfRule } from "../remedy/index.ts";
import { applyFixes, type FixLevels } from "./apply-fixes.ts";
import type { Engine, LintSubject } from "./engine.ts";
import type { Policy } from "./policy.ts";

/** What applying some actions ends in. */
export interface AppliedActions {
  /** The texts after it, by path, as `applyFixes` gives them. */
  readonly texts: ReadonlyMap<string, string>;
  readonly applied: readonly Action[];
}

/** The fixes of one Dockerfile as actions that can be chosen from. */
export interface ActionChoice {
  /** In the order in which they apply. */
  readonly actions: readonly Action[];
  apply(chosen: readonly Action[]): AppliedActions;
}

/**
 * Lists what the fixes together would do, each as an action that may be left out, and after them what only one of them stands
 * in the way of. When some are left out, others find another text: an action is known again by its finding's fingerprint or,
 * where that changed, by its rule and title. The same choice always ends in the same texts.
 * @param scopeOf what fixes of a rule may do to an image
 */
export function chooseActions(
  engine: Engine,
  subject: LintSubject,
  policy: Policy,
  levels: FixLevels,
  scopeOf: (rule: string) => Scope = scopeOfRule,
): ActionChoice {
  const actions: Action[] = [];
  const discover = (without?: Action): void => {
    const recognize = recognizer(actions);
    const wants = (finding: Finding): boolean => without === undefined || recognize(finding) !== without;
    for (const { problem, fix } of applyFixes(engine, subject, policy, { ...levels, wants }).applied) {
      const id = idOf(problem);
      if (recognize(problem) || actions.some((one) => one.id === id)) continue;
      const { title, safety } = fix;
      actions.push({ id, rule: problem.rule, title, safety, resolves: [problem], scope: scopeOf(problem.rule) });
    }
  };
  discover();
  const together = [...actions];
  for (const action of together.slice(0, mostLeftOut)) discover(action);
  return {
    actions,
    apply: (chosen) => {
      const recognize = recognizer(actions);
      const ids = new Set(chosen.map(({ id }) => id));
      const wants = (finding: Finding): boolean => ids.has(recognize(finding)?.id ?? "");
      const outcome = applyFixes(engine, subject, policy, { ...levels, wants });
      const applied = new Set(outcome.applied.map(({ problem }) => recognize(problem)));
      return { texts: outcome.texts, applied: actions.filter((action) => applied.has(action)) };
    },
  };
}

/** Each costs a run of all rules in passes. */
const mostLeftOut = 50;

function idOf({ rule, fingerprint }: Finding): string {
  return `${rule}-${fingerprint.slice(0, 8)}`;
}

/** Which action a finding belongs to, in one run over the passes. */
function recognizer(all: readonly Action[]): (finding: Finding) => Action | undefined {
  const byId = new Map(all.map((action) => [action.id, action]));
  const met = new Map<string, Action>();
  return (finding) => {
    const id = idOf(finding);
    const known = byId.get(id) ?? met.get(id);
    if (known) {
      met.set(id, known);
      return known;
    }
    const taken = new Set(met.values());
    const free = all.filter((action) => action.rule === finding.rule && !taken.has(action));
    const same = free.find(({ title }) => title === finding.fix?.title) ?? free[0];
    if (same) met.set(id, same);
    return same;
  };
}
