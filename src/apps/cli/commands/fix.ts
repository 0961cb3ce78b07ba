import { createColors } from "picocolors";
import type { Gap } from "../../../core/index.ts";
import {
  applyFixes,
  type Engine,
  type Examined,
  openTargets,
  type Policy,
  resolveRule,
} from "../../../engine/index.ts";
import { escapeLine } from "../../../report/index.ts";
import type { ProofOptions, SharedOptions } from "../options.ts";
import { policyFor, startEngine } from "../start.ts";
import type { Terminal } from "../terminal.ts";
import { unifiedDiff } from "../unified-diff.ts";
import { writeChange } from "../write-change.ts";

export interface FixOptions extends SharedOptions, ProofOptions {
  readonly write?: boolean;
  readonly likely?: boolean;
  readonly only?: readonly string[];
  /** Builds before and after, and keeps what holds. */
  readonly prove?: boolean;
  /** Of a proof: measures other bases and tries them. */
  readonly bases?: boolean;
  readonly registry?: string;
}

/** `plimsoll fix [target…]`: prints a diff, or writes. */
export async function fix(targets: readonly string[], options: FixOptions, terminal: Terminal): Promise<number> {
  if (options.prove) return (await import("../image-commands.ts")).proveFix(targets, options, terminal);
  const engine = await startEngine();
  const policy = await policyFor(engine, options);
  const only = (options.only ?? []).flatMap((id) => resolveRule(engine, id));
  const request = {
    root: process.cwd(),
    targets,
    policy,
    ...(options.context === undefined ? {} : { context: options.context }),
  };
  const { subjects, gaps } = await openTargets(request);
  let applied = 0;
  let files = 0;
  const titles: string[] = [];
  for (const subject of subjects) {
    const outcome = applyFixes(engine, subject, policy, { likely: options.likely ?? false, only });
    applied += outcome.applied.length;
    titles.push(
      ...outcome.applied.map(
        (one) => `${subject.target.source.path}: ${one.fix.title}${one.fix.safety === "likely" ? " (likely)" : ""}`,
      ),
    );
    for (const [path, text] of outcome.texts) {
      const before = textBefore(subject, path);
      if (before === text) continue;
      files++;
      if (options.write && subject.target.file !== undefined) writeChange(path, before, text);
      else if (subject.target.file === undefined && options.write)
        terminal.out(path === subject.target.source.path ? text : "");
      else terminal.out(unifiedDiff(path, before, text, createColors(terminal.color)));
    }
  }
  if (!options.quiet)
    summarize({ applied, files, titles, gaps, options, rest: remaining(engine, subjects, policy, options) }, terminal);
  return gaps.length > 0 ? 3 : 0;
}

function textBefore(subject: Examined, path: string): string {
  return path === subject.dockerfile.source.path
    ? subject.dockerfile.source.text
    : (subject.context?.ignoreFile?.text ?? "");
}

/** How many likely fixes are left when only safe ones were asked for. */
function remaining(engine: Engine, subjects: readonly Examined[], policy: Policy, options: FixOptions): number {
  if (options.likely) return 0;
  return subjects.reduce(
    (sum, subject) =>
      sum + engine.examine(subject, policy).findings.filter((finding) => finding.fix?.safety === "likely").length,
    0,
  );
}

interface Summary {
  readonly applied: number;
  readonly files: number;
  readonly titles: readonly string[];
  readonly gaps: readonly Gap[];
  readonly options: FixOptions;
  readonly rest: number;
}

function summarize(summary: Summary, terminal: Terminal): void {
  const { applied, files, gaps, options, rest } = summary;
  for (const gap of gaps) terminal.note(`not examined ${escapeLine(gap.subject)}: ${escapeLine(gap.reason)}`);
  const fixes = `${applied} fix${applied === 1 ? "" : "es"}`;
  if (applied === 0) terminal.note(`nothing to fix${rest > 0 ? `; ${rest} likely: plimsoll fix --likely` : ""}`);
  else {
    for (const title of summary.titles) terminal.note(`  ${escapeLine(title)}`);
    const next = options.write ? "plimsoll check" : `plimsoll fix --write${options.likely ? " --likely" : ""}`;
    terminal.note(
      `${options.write ? "applied" : "shown"}: ${fixes} in ${files} file${files === 1 ? "" : "s"}${rest > 0 ? `, ${rest} likely left (--likely)` : ""}. Next: ${next}`,
    );
  }
}
