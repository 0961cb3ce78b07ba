import type { Problem, SourceRange } from "../core/index.ts";
import {
  type Comment,
  type Dockerfile,
  type Instruction,
  type Pragma,
  readCheck,
  readPragmas,
} from "../syntax/index.ts";

interface Entry extends Pragma {
  readonly range: SourceRange;
  /** What it holds for. */
  readonly covers: SourceRange;
  readonly expired: boolean;
}

export interface InlineIgnores {
  ignores(problem: Problem, rule: string, aliases: readonly string[]): boolean;
  /** Ids no rule has; told, never fatal. */
  readonly unknown: readonly { readonly id: string; readonly range: SourceRange }[];
  readonly expired: readonly { readonly id: string; readonly range: SourceRange }[];
}

const wholeFile: SourceRange = { start: 0, end: Number.MAX_SAFE_INTEGER };
/**
 * Collects the ignore comments of a Dockerfile. Comments above an instruction hold for all of it, also stacked and with blank
 * lines between; one inside a continued instruction holds for that instruction.
 * @param resolve the rules an id of any dialect stands for; undefined for an id nobody knows
 * @param today YYYY-MM-DD
 */
export function collectIgnores(
  dockerfile: Dockerfile,
  resolve: (id: string) => readonly string[] | undefined,
  today: string,
): InlineIgnores {
  const entries: Entry[] = [];
  for (const comment of dockerfile.comments) {
    for (const pragma of readPragmas(comment.text)) entries.push(toEntry(dockerfile, comment, pragma, today));
  }
  for (const directive of dockerfile.directives) {
    if (directive.name !== "check") continue;
    for (const pragma of readCheck(directive.value.split(" ")[0] ?? "", "file"))
      entries.push({ ...pragma, range: directive.range, covers: wholeFile, expired: false });
  }
  if (entries.length === 0) return nothing;
  const named = (entry: Entry): { id: string; range: SourceRange }[] =>
    entry.ids.map((id) => ({ id, range: entry.range }));
  return {
    unknown: entries.flatMap(named).filter(({ id }) => !id.includes("*") && resolve(id) === undefined),
    expired: entries.filter((entry) => entry.expired).flatMap(named),
    ignores: (problem, rule, aliases) => {
      const names = [rule, ...aliases].map((name) => name.toLowerCase());
      const at =
        problem.at.kind === "source" && problem.at.path === dockerfile.source.path ? problem.at.range.start : -1;
      return entries.some(
        (entry) =>
          !entry.expired &&
          (entry.covers === wholeFile || (at >= entry.covers.start && at <= entry.covers.end)) &&
          entry.ids.some((id) => matchesId(id, names)),
      );
    },
  };
}

const nothing: InlineIgnores = { unknown: [], expired: [], ignores: () => false };

function matchesId(id: string, names: readonly string[]): boolean {
  const lower = id.toLowerCase();
  if (lower === "*") return true;
  if (lower.endsWith("*")) return names.some((name) => name.startsWith(lower.slice(0, -1)));
  const plain = normalizeTrivy(lower);
  return names.some((name) => name === lower || normalizeTrivy(name) === plain);
}

/** `AVD-DS-0002`, `DS002` and `DS-0002` are one id. */
export function normalizeTrivy(id: string): string {
  const match = /^(?:avd-)?ds-?0*(\d+)$/.exec(id.toLowerCase());
  return match ? `ds-${(match[1] ?? "").padStart(4, "0")}` : id.toLowerCase();
}

function toEntry(dockerfile: Dockerfile, comment: Comment, pragma: Pragma, today: string): Entry {
  const expired = pragma.until !== undefined && pragma.until < today;
  return { ...pragma, range: comment.range, covers: coverage(dockerfile, comment, pragma.scope), expired };
}

function coverage(dockerfile: Dockerfile, comment: Comment, scope: Pragma["scope"]): SourceRange {
  if (scope === "file") return wholeFile;
  const at = comment.range.start;
  const target: Instruction | undefined = dockerfile.instructions.find((instruction) => instruction.range.end > at);
  if (!target) return { start: at, end: at };
  if (scope === "instruction") return target.range;
  const last = dockerfile.stages[target.stage]?.instructions.at(-1);
  return { start: target.range.start, end: last?.range.end ?? target.range.end };
}
