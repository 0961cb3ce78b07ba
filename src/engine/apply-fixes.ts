import type { Finding, Fix } from "../core/index.ts";
import { type FixOutcome, fixText } from "../remedy/index.ts";
import type { Engine, LintSubject } from "./engine.ts";
import type { Policy } from "./policy.ts";

export interface FixLevels {
  /** Also fixes that are right under the condition in their title. */
  readonly likely: boolean;
  /** Only fixes of these rules; of all when empty. */
  readonly only?: readonly string[];
  /** Of those only fixes of the findings it takes; it is asked anew in every pass. */
  readonly wants?: (finding: Finding) => boolean;
}

/**
 * Fixes one Dockerfile and the ignore file of its context, in passes, until nothing changes. Nothing is written: the new
 * texts are returned.
 */
export function applyFixes(
  engine: Engine,
  subject: LintSubject,
  policy: Policy,
  levels: FixLevels,
): FixOutcome<Finding> {
  const { context } = subject;
  const only = levels.only ?? [];
  const find = (dockerfile: LintSubject["dockerfile"], written: ReadonlyMap<string, string>): readonly Finding[] => {
    const ignore = context && written.get(context.ignorePath);
    const now = context && ignore !== undefined ? context.withIgnoreFile(ignore) : context;
    return engine.examine(now ? { dockerfile, context: now } : { dockerfile }, policy).findings;
  };
  const accept = (fix: Fix, problem: Finding): boolean =>
    (fix.safety === "safe" || (fix.safety === "likely" && levels.likely)) &&
    (only.length === 0 || only.includes(problem.rule)) &&
    (levels.wants?.(problem) ?? true);
  return fixText(subject.dockerfile.source, find, accept, (path) =>
    path === context?.ignorePath ? (context.ignoreFile?.text ?? "") : "",
  );
}
