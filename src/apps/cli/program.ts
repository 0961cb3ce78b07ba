import { Command, CommanderError } from "commander";
import type { PlimsollError } from "../../core/index.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { version } from "./version.ts";

const exits = `
Exit status:
  0   nothing at or above --fail-on
  1   findings at or above --fail-on
  2   the request cannot be met: usage, a missing path, a broken configuration
  3   something could not be examined, or not wholly
  70  a fault in Plimsoll

https://github.com/plimsoll/plimsoll/tree/main/docs`;

/** Tells a program which commands there are; `done` takes the exit status of the one that ran. */
export type AddCommands = (program: Command, terminal: Terminal, done: (status: number) => void) => void;

/**
 * Runs the command line.
 * @param argv the words after the program's name
 * @param add the commands; what the one that is asked for does not need is best left out, for starting takes time
 * @returns the exit status
 */
export async function run(argv: readonly string[], add: AddCommands): Promise<number> {
  const terminal = openTerminal(argv);
  let status = 0;
  try {
    const program = buildProgram(terminal, add, (code) => {
      status = code;
    });
    await program.parseAsync([...argv], { from: "user" });
    return status;
  } catch (error) {
    return fail(error, terminal, argv);
  }
}

function buildProgram(terminal: Terminal, add: AddCommands, done: (status: number) => void): Command {
  const program = new Command("plimsoll")
    .description("Says how heavy and how exposed a container image is, why, down to the Dockerfile line, and fixes it.")
    .version(version, "-V, --version")
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: () => undefined })
    .showSuggestionAfterError(true)
    .addHelpText("after", exits);

  add(program, terminal, done);
  return program;
}

/** By name, as each of the two bundles has its own copy of the class. */
function isPlimsollError(error: unknown): error is PlimsollError {
  return error instanceof Error && error.name === "PlimsollError";
}

function fail(error: unknown, terminal: Terminal, argv: readonly string[]): number {
  if (isPlimsollError(error)) {
    terminal.error(error.code, error.message, error.hint);
    return error.exit;
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const message = error.message.replace(/^error: /, "");
    const [first = "", ...rest] = message.split("\n");
    const hint = rest.join(" ").trim() || "plimsoll --help lists commands and options";
    if (error.code !== "commander.help") terminal.error("usage.unknown-option", first, hint);
    return 2;
  }
  if (error instanceof Error && error.name === "AbortError") {
    terminal.note("stopped");
    return 130;
  }
  terminal.error(
    "internal",
    error instanceof Error ? error.message : String(error),
    "this is a fault in Plimsoll: please report it, with --debug for the stack",
  );
  if (argv.includes("--debug") && error instanceof Error) terminal.note(error.stack ?? "");
  return 70;
}
