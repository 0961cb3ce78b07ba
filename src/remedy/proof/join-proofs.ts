import { heldGates, type Proof, type ProveOptions } from "./prove.ts";
import { unionOfScopes } from "./scope.ts";

/**
 * Two proofs as one, the second of what was done on top of the first. Its gates are held anew between the very first image and
 * the very last; should they not hold, then nothing of the second does.
 */
export function joinProofs(first: Proof, second: Proof, { failOn }: Pick<ProveOptions, "failOn">): Proof {
  const trials = first.trials + second.trials;
  const rejected = [...first.rejected, ...second.rejected];
  // What the first came to stands: nobody asked for the second, and a project with nothing to fix is none that fails.
  if (second.kept.length === 0) return { ...first, rejected, trials };
  const kept = [...first.kept, ...second.kept];
  const plan = {
    targets: kept.flatMap(({ resolves }) => resolves),
    actions: kept,
    scope: unionOfScopes(kept.map(({ scope }) => scope)),
    failOn,
  };
  const held = [...heldGates(first.before, second.after, plan)];
  const fails = held.find(({ result }) => !result.ok);
  if (fails) {
    const reason = `${fails.gate}: ${fails.result.detail}, held against the original`;
    return { ...first, rejected: [...rejected, ...second.kept.map((action) => ({ action, reason }))], trials };
  }
  const names = new Set(held.map(({ gate }) => gate));
  const others = second.checks.filter(({ gate }) => !names.has(gate));
  return {
    ...second,
    before: first.before,
    checks: [
      ...first.checks.filter(({ gate }) => gate === "smoke before"),
      ...others.filter(({ gate }) => gate === "builds"),
      ...held.map(({ gate, result }) => ({ gate, ok: result.ok, detail: result.detail })),
      ...others.filter(({ gate }) => gate !== "builds" && gate !== "smoke before"),
    ],
    kept,
    rejected,
    trials,
  };
}
