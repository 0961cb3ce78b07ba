import type { CommandInstruction, Dockerfile, Stage } from "../../syntax/index.ts";
import { normalizePath, workdirAt } from "../../syntax/index.ts";

export interface EntryCommand {
  /** The instruction that names the program. */
  readonly instruction: CommandInstruction;
  /** Program and arguments, without a shell around them. */
  readonly words: readonly string[];
  /** Absolute path of the program; undefined for a bare name that PATH resolves. */
  readonly program: string | undefined;
}

/** What a stage's ENTRYPOINT (else its CMD) starts, where it is one plain command without variables or redirects. */
export function entryCommand(dockerfile: Dockerfile, stage: Stage): EntryCommand | undefined {
  const commands = stage.instructions.filter(
    (one): one is CommandInstruction => one.keyword === "CMD" || one.keyword === "ENTRYPOINT",
  );
  const entrypoint = commands.findLast((one) => one.keyword === "ENTRYPOINT");
  // Shell form drops the CMD: the two cannot be read as one.
  if (entrypoint && entrypoint.form === "shell" && commands.some((one) => one.keyword === "CMD")) return undefined;
  const instruction = entrypoint ?? commands.at(-1);
  const words = instruction && wordsOf(instruction);
  const [name] = words ?? [];
  if (!instruction || !words || !name) return undefined;
  if (!name.includes("/")) return { instruction, words, program: undefined };
  const directory = workdirAt(dockerfile, instruction);
  if (!name.startsWith("/") && directory === undefined) return undefined;
  return { instruction, words, program: normalizePath(name.startsWith("/") ? name : `${directory ?? ""}/${name}`) };
}

function wordsOf(instruction: CommandInstruction): readonly string[] | undefined {
  if (instruction.form === "exec") return literal(instruction.words.map((word) => word.value));
  const [command, ...more] = instruction.script.commands;
  if (!command || more.length > 0 || instruction.script.broken || instruction.heredocs.length > 0) return undefined;
  if (command.assignments.length > 0 || command.redirects.length > 0) return undefined;
  if (command.wrappers.some((wrapper) => wrapper.name !== "exec")) return undefined;
  const words = [command.nameWord, ...command.args];
  return words.some((word) => /[$`*?[~]/.test(word.raw)) ? undefined : literal(words.map((word) => word.value));
}

function literal(words: readonly (string | undefined)[]): readonly string[] | undefined {
  const known = words.filter((word) => word !== undefined);
  return known.length === words.length ? known : undefined;
}

/** A JSON array as Dockerfiles write it. */
export function execForm(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}
