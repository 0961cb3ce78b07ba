import type { Edit } from "../../core/index.ts";
import { type Dockerfile, replaceRange, type RunInstruction, type ShellCommand } from "../../syntax/index.ts";

/** Puts commands in the place of one, in braces where operators around it would tear them apart. */
export function replaceCommand(
  dockerfile: Dockerfile,
  run: RunInstruction,
  command: ShellCommand,
  commands: readonly string[],
): Edit | undefined {
  if (run.form === "exec" || commands.length === 0) return undefined;
  const range = { start: command.nameWord.range.start, end: (command.args.at(-1) ?? command.nameWord).range.end };
  const text = dockerfile.source.text.slice(range.start, range.end);
  if (/(?:^|\s)#/.test(text) || command.redirects.some((one) => one.range.start < range.end)) return undefined;
  if (commands.length === 1 && !commands[0]?.startsWith("{")) return replaceRange(dockerfile, range, commands[0] ?? "");
  const sole = command.depth === 0 && command.wrappers.length === 0 && command.assignments.length === 0;
  if (command.wrappers.length > 0 || command.assignments.length > 0) return undefined;
  const list = run.script.commands;
  const next = list[list.indexOf(command) + 1];
  const plain =
    sole &&
    ["start", "&&", ";"].includes(command.joinedBy) &&
    (next === undefined || next.joinedBy === "&&" || next.joinedBy === ";") &&
    command.redirects.length === 0 &&
    (!run.script.heredoc || run.script.errexit);
  const all = commands.join(" && ");
  return replaceRange(dockerfile, range, plain ? all : `{ ${all}; }`);
}
