import type { Edit, SourceRange } from "../../core/index.ts";
import type { ShellCommand, Word } from "../shell/tree.ts";
import type { Dockerfile, Instruction, RunInstruction } from "./tree.ts";

/**
 * Ways to change a Dockerfile that keep its comments, quoting, indentation, line endings and continuation style. Each
 * returns undefined where it cannot be done surely; a rule then offers no edit.
 */

/** Replaces a range. */
export function replaceRange(dockerfile: Dockerfile, range: SourceRange, text: string): Edit {
  return { path: dockerfile.source.path, range, text };
}

/** Inserts at an offset. */
export function insertAt(dockerfile: Dockerfile, offset: number, text: string): Edit {
  return replaceRange(dockerfile, { start: offset, end: offset }, text);
}

/** Whether shell text can be added to the command line of a RUN: shell form of a shell we read, understood as a whole. */
export function isEditable(run: RunInstruction): boolean {
  return (
    run.form === "shell" &&
    !run.script.broken &&
    (run.script.dialect === "posix" || run.script.dialect === "bash") &&
    run.script.commands.length > 0
  );
}

/**
 * Adds `command` behind the last one, joined with `&&` in the style of the RUN: on a line of its own where the RUN goes
 * over several. In the body of a heredoc it becomes the last line, if errors stop that script.
 */
export function appendCommand(
  dockerfile: Dockerfile,
  run: RunInstruction,
  command: string,
): readonly Edit[] | undefined {
  if (!isEditable(run)) return undefined;
  const { text } = dockerfile.source;
  if (run.script.heredoc) {
    const body = run.heredocs[0]?.body;
    // A here-document of the script's own could take the new line for its text.
    if (!body || !run.script.errexit || text.slice(body.start, body.end).includes("<<")) return undefined;
    return [
      insertAt(
        dockerfile,
        body.end,
        `${indentAt(text, run.script.commands.at(-1)?.range.start ?? body.end)}${command}${dockerfile.newline}`,
      ),
    ];
  }
  const { end } = run.argumentsRange;
  if (run.heredocs.length > 0 || swallowsMore(dockerfile, run)) return undefined;
  const style = continuationStyle(dockerfile, run);
  if (!style) return [insertAt(dockerfile, end, ` && ${command}`)];
  const { escape, newline } = dockerfile;
  return [
    insertAt(
      dockerfile,
      end,
      style.leading
        ? ` ${escape}${newline}${style.indent}&& ${command}`
        : ` && ${escape}${newline}${style.indent}${command}`,
    ),
  ];
}

/** Whether what stands behind the last command would swallow or change more text: a comment, `&`, `;`, `|| `. */
function swallowsMore(dockerfile: Dockerfile, run: RunInstruction): boolean {
  const last = Math.max(...run.script.commands.map((command) => command.range.end));
  const rest = dockerfile.source.text.slice(last, run.argumentsRange.end);
  return /[#;&|]|\\$/.test(rest.replaceAll(/(?:done|fi|esac)\b/g, "").replaceAll(/^[ \t]*#.*$/gm, ""));
}

interface ContinuationStyle {
  /** `&&` begins lines rather than ending them. */
  readonly leading: boolean;
  readonly indent: string;
}

/** How the RUN continues its lines; undefined when it stands on one. */
export function continuationStyle(dockerfile: Dockerfile, run: RunInstruction): ContinuationStyle | undefined {
  const text = dockerfile.source.text.slice(run.lineRange.start, run.lineRange.end);
  if (!text.includes("\n")) return undefined;
  const lines = text
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
  const joined = lines.filter((line) => /^\s*(?:&&|;|\|\|)/.test(line));
  const leading = joined.length > 0 || !/&&\s*[\\`]\s*$/m.test(text);
  const model = (leading ? (joined.at(-1) ?? lines[0]) : lines[0]) ?? "";
  return { leading, indent: /^[ \t]*/.exec(model)?.[0] || "    " };
}

/** Puts `command &&` in front of one of the commands of a RUN. Not where another operator than && or ; leads to it. */
export function insertCommandBefore(
  dockerfile: Dockerfile,
  run: RunInstruction,
  before: ShellCommand,
  command: string,
): readonly Edit[] | undefined {
  if (!isEditable(run) || before.joinedBy === "|" || before.joinedBy === "||") return undefined;
  if (run.script.heredoc) {
    const start = before.range.start;
    const lineStart = dockerfile.source.text.lastIndexOf("\n", start - 1) + 1;
    if (!run.script.errexit || dockerfile.source.text.slice(lineStart, start).trim() !== "")
      return [insertAt(dockerfile, start, `${command} && `)];
    return [insertAt(dockerfile, start, `${command}${dockerfile.newline}${indentAt(dockerfile.source.text, start)}`)];
  }
  return [insertAt(dockerfile, before.range.start, `${command} && `)];
}

/** Adds an option behind a word of a command (its name or its subcommand). */
export function addOption(dockerfile: Dockerfile, behind: Word, option: string): Edit {
  return insertAt(dockerfile, behind.range.end, ` ${option}`);
}

/** Takes a word away with the blank before it; a line that held only the word goes too. */
export function removeWord(dockerfile: Dockerfile, range: SourceRange): Edit {
  const { text } = dockerfile.source;
  const lineStart = text.lastIndexOf("\n", range.start - 1) + 1;
  const lineEnd = lineEndAt(text, range.end);
  const before = text.slice(lineStart, range.start);
  const after = text.slice(range.end, lineEnd);
  if (before.trim() === "" && after.trim() === dockerfile.escape && lineEnd < text.length) {
    return replaceRange(dockerfile, { start: lineStart, end: lineEnd + 1 }, "");
  }
  let { start, end } = range;
  if (before.trim() !== "") while (start > lineStart && isBlank(text[start - 1])) start--;
  else while (isBlank(text[end])) end++;
  return replaceRange(dockerfile, { start, end }, "");
}

/**
 * Takes one command out of the chain of `&&` (or `;`) at the top of a RUN, with the operator that joined it. Undefined when
 * it is the only one, when it is nested, or when `|`, `||` or `&` tie it to a neighbour.
 */
export function removeCommand(
  dockerfile: Dockerfile,
  run: RunInstruction,
  command: ShellCommand,
): readonly Edit[] | undefined {
  if (!isEditable(run) || command.depth > 0 || run.script.heredoc || run.heredocs.length > 0) return undefined;
  const top = run.script.commands.filter((one) => one.depth === 0);
  const index = top.indexOf(command);
  const next = top[index + 1];
  if (index < 0 || top.length < 2 || !["start", "&&", ";"].includes(command.joinedBy)) return undefined;
  if (next && next.joinedBy !== "&&" && next.joinedBy !== ";") return undefined;
  const { text } = dockerfile.source;
  if (index === 0)
    return next ? [replaceRange(dockerfile, { start: command.range.start, end: next.range.start }, "")] : undefined;
  const operator = text.lastIndexOf(command.joinedBy === ";" ? ";" : "&&", command.range.start);
  if (operator < run.argumentsRange.start || text.slice(operator, command.range.start).includes("#")) return undefined;
  let start = operator;
  while (isBlank(text[start - 1])) start--;
  if (text[start - 1] === "\n" && next)
    return [replaceRange(dockerfile, { start: operator, end: operatorBefore(text, next) }, "")];
  while (start > 0 && /[\s\\`]/.test(text[start - 1] ?? "")) start--;
  return [replaceRange(dockerfile, { start, end: command.range.end }, "")];
}

function operatorBefore(text: string, next: ShellCommand): number {
  const sign = next.joinedBy === ";" ? ";" : "&&";
  return text.lastIndexOf(sign, next.range.start);
}

/** Takes an instruction away, line ending included; comments inside it stay. */
export function removeInstruction(dockerfile: Dockerfile, instruction: Instruction): Edit {
  const { text } = dockerfile.source;
  let start = instruction.range.start;
  while (isBlank(text[start - 1])) start--;
  const lineEnd = text.indexOf("\n", instruction.range.end);
  const end = lineEnd < 0 ? text.length : lineEnd + 1;
  const kept = dockerfile.comments
    .filter(({ range }) => range.start > instruction.lineRange.start && range.end < instruction.lineRange.end)
    .map(({ range }) => text.slice(range.start, range.end) + dockerfile.newline);
  if (lineEnd < 0 && kept.length === 0) while (start > 0 && /[\r\n]/.test(text[start - 1] ?? "")) start--;
  return replaceRange(dockerfile, { start, end }, kept.join(""));
}

/** Makes one RUN of two that follow each other; comments between them stay inside the new one. */
export function joinRuns(
  dockerfile: Dockerfile,
  first: RunInstruction,
  second: RunInstruction,
): readonly Edit[] | undefined {
  if (!isEditable(first) || !isEditable(second) || first.heredocs.length + second.heredocs.length > 0) return undefined;
  if (swallowsMore(dockerfile, first)) return undefined;
  const { escape, newline } = dockerfile;
  const between = { start: first.argumentsRange.end, end: second.argumentsRange.start };
  const comments = dockerfile.comments
    .filter(({ range }) => range.start >= between.start && range.end <= between.end)
    .map(({ range }) => `    ${dockerfile.source.text.slice(range.start, range.end)}${newline}`);
  const style = continuationStyle(dockerfile, first) ?? continuationStyle(dockerfile, second);
  const indent = style?.indent ?? "    ";
  if (style && !style.leading)
    return [replaceRange(dockerfile, between, ` && ${escape}${newline}${comments.join("")}${indent}`)];
  return [replaceRange(dockerfile, between, ` ${escape}${newline}${comments.join("")}${indent}&& `)];
}

/** A new instruction line above another one, indented like it. */
export function insertLineBefore(dockerfile: Dockerfile, instruction: Instruction, line: string): Edit {
  const { text } = dockerfile.source;
  let start = instruction.range.start;
  while (isBlank(text[start - 1])) start--;
  return insertAt(dockerfile, start, text.slice(start, instruction.range.start) + line + dockerfile.newline);
}

/** A new instruction line below another one. */
export function insertLineAfter(dockerfile: Dockerfile, instruction: Instruction, line: string): Edit {
  const { text } = dockerfile.source;
  const lineEnd = text.indexOf("\n", instruction.range.end);
  return lineEnd < 0
    ? insertAt(dockerfile, text.length, dockerfile.newline + line)
    : insertAt(dockerfile, lineEnd + 1, line + dockerfile.newline);
}

/** Adds a flag (`--chown=app`) behind the keyword and the flags that are there. */
export function addFlag(dockerfile: Dockerfile, instruction: Instruction, flag: string): Edit {
  const at = instruction.flags.at(-1)?.range.end ?? instruction.keywordRange.end;
  return insertAt(dockerfile, at, ` ${flag}`);
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

function lineEndAt(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}

function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}
