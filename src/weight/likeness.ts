import type { CopyInstruction, Dockerfile, Instruction, RunInstruction, Word } from "../syntax/index.ts";
import { oneLine, type ReadEntry } from "./history.ts";

/**
 * How much a history entry is like an instruction: the same words of one that makes a layer; the same of one that only leaves a
 * mark in the configuration; the keyword alone; nothing.
 */
export type Likeness = "words" | "mark" | "keyword" | "none";

const layered = new Set(["RUN", "COPY", "ADD"]);

/** @param shells what SHELL is in force at each instruction, as text; see `shellsOf` */
export function likeness(
  instruction: Instruction,
  entry: ReadEntry,
  dockerfile: Dockerfile,
  shells: ReadonlyMap<Instruction, string>,
): Likeness {
  if (instruction.keyword !== entry.keyword) return "none";
  const same =
    instruction.keyword === "RUN"
      ? sameRun(instruction, entry, shells.get(instruction) ?? "/bin/sh -c", dockerfile)
      : instruction.keyword === "COPY" || instruction.keyword === "ADD"
        ? sameCopy(instruction, entry)
        : sameWords(instruction, entry);
  if (!same) return "keyword";
  return layered.has(instruction.keyword) ? "words" : "mark";
}

/** The shell that each RUN is handed to. */
export function shellsOf(dockerfile: Dockerfile): ReadonlyMap<Instruction, string> {
  const shells = new Map<Instruction, string>();
  const ends: string[] = [];
  for (const stage of dockerfile.stages) {
    let shell = (stage.base.kind === "stage" ? ends[stage.base.index] : undefined) ?? "/bin/sh -c";
    for (const instruction of stage.instructions) {
      if (instruction.keyword === "SHELL") shell = instruction.words.map(({ value, raw }) => value ?? raw).join(" ");
      shells.set(instruction, shell);
    }
    ends.push(shell);
  }
  return shells;
}

/** Build arguments stand before the command, as "|2 A=1 B=two words", and cannot be told apart from it but by its end. */
function sameRun(run: RunInstruction, { text }: ReadEntry, shell: string, { source }: Dockerfile): boolean {
  const commands =
    run.form === "exec"
      ? [run.words.map(({ value, raw }) => value ?? raw).join(" ")]
      : [run.argumentsText, ...heredocScript(run, source.text)].map((command) => `${shell} ${command}`);
  return commands
    .map(oneLine)
    .some((command) => text === command || (text.startsWith("|") && text.endsWith(` ${command}`)));
}

/** `RUN <<EOF` runs the body; where words stand around the heredoc it is part of the command. */
function heredocScript(run: RunInstruction, source: string): readonly string[] {
  const [first] = run.heredocs;
  if (!first) return [];
  const body = source.slice(first.body.start, first.body.end);
  return [first.stripTabs ? body.replace(/^\t+/gm, "") : body, source.slice(run.argumentsRange.start, run.range.end)];
}

function sameCopy(copy: CopyInstruction, { text, classic }: ReadEntry): boolean {
  const target = copy.target.value;
  if (classic) {
    // "COPY dir:<hash> in /srv/app": what was copied is not told, where to is.
    const to = / in (\S.*)$/.exec(text)?.[1];
    return to !== undefined && target !== undefined && (trimmed(to) === trimmed(target) || endsIn(to, target));
  }
  const words = text.split(" ").filter((word) => !/^--[a-z-]+(?:=|$)/.test(word));
  const wanted: (string | undefined)[] = [
    ...copy.heredocs.map(({ name }) => `<<${name}`),
    ...copy.sources.map(valueOf),
    valueOf(copy.target),
  ];
  const spread = wanted.flatMap((word) => word?.split(" ") ?? [undefined]);
  const known = spread.filter((word) => word !== undefined).length;
  return (
    words.length === spread.length &&
    known > 0 &&
    spread.every((word, index) => word === undefined || trimmed(word) === trimmed(words[index] ?? ""))
  );
}

function valueOf({ value }: Word): string | undefined {
  return value === undefined ? undefined : oneLine(value);
}

function trimmed(path: string): string {
  return path.replace(/^\.\//, "").replace(/\/$/, "");
}

/** A relative target is told from the working directory on. */
function endsIn(to: string, target: string): boolean {
  const relative = trimmed(target);
  if (target.startsWith("/")) return false;
  return relative === "." || relative === "" ? to.startsWith("/") : trimmed(to).endsWith(`/${relative}`);
}

/** Quotes are lost in history, and EXPOSE is told as a map. */
function sameWords(instruction: Instruction, { text }: ReadEntry): boolean {
  const plain = (words: string): string => oneLine(words.replace(/["'[\],\\]/g, " "));
  if (instruction.keyword === "EXPOSE")
    return instruction.words.every(({ value }) => value === undefined || text.includes(value.replace(/\/tcp$/i, "")));
  if (instruction.keyword === "HEALTHCHECK" || instruction.keyword === "ARG") return true;
  const written = instruction.words.map(({ value, raw }) => value ?? raw).join(" ");
  return (
    plain(text) === plain(written) ||
    plain(text).endsWith(` ${plain(written)}`) ||
    filledIn(plain(text), plain(written))
  );
}

/** Whether a text is another one with something in place of its variables, which history tells by what they were. */
function filledIn(text: string, written: string): boolean {
  const [first = "", ...rest] = written.split(/\$(?:\{[^}]*\}|\w+)/);
  const last = rest.pop();
  if (last === undefined || !text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
