import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type PlimsollError, severities } from "../../core/index.ts";
import { addImageCommands, proofOptions } from "./image-program.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/** What these commands do is in a bundle of its own. */
const load = () => import("./dockerfile-commands.ts");

const exits = `
Exit status:
  0   nothing at or above --fail-on
  1   findings at or above --fail-on
  2   the request cannot be met: usage, a missing path, a broken configuration
  3   something could not be examined, or not wholly
  70  a fault in Plimsoll

https://github.com/plimsoll/plimsoll/tree/main/docs`;

/**
 * Runs the command line.
 * @param argv the words after the program's name
 * @returns the exit status
 */
export async function run(argv: readonly string[]): Promise<number> {
  const terminal = openTerminal(argv);
  let status = 0;
  try {
    const program = buildProgram(terminal, argv[0], (code) => {
      status = code;
    });
    await program.parseAsync([...argv], { from: "user" });
    return status;
  } catch (error) {
    return fail(error, terminal, argv);
  }
}

/** @param command the one that was asked for: what it does not need is not built, for starting takes time */
function buildProgram(terminal: Terminal, command: string | undefined, done: (status: number) => void): Command {
  const program = new Command("plimsoll")
    .description("Says how heavy and how exposed a container image is, why, down to the Dockerfile line, and fixes it.")
    .version(version, "-V, --version")
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: () => undefined })
    .showSuggestionAfterError(true)
    .addHelpText("after", exits);

  const targets = "files, directories to search, images, or - for standard input";
  shared(
    program
      .command("check")
      .description("find what makes images heavy, exposed or slow to build")
      .argument("[target...]", targets),
  )
    .addOption(
      new Option("-f, --format <format>", "how to print")
        .choices(["text", "json", "sarif", "github", "markdown"])
        .default("text"),
    )
    .option("-o, --output <file>", "write the report to a file")
    .option(
      "--image <image>",
      "an image built from it: its layers are weighed line by line (may be repeated)",
      collect,
      [],
    )
    .option("--platform <platform>", "which image of several, like linux/arm64")
    .option("--no-cache", "read every layer of images anew")
    .addOption(new Option("--fail-on <severity>", "exit 1 from this severity on").choices([...severities, "none"]))
    .action(async (found: string[], options) => done(await (await load()).check(found, options, terminal)));
  proofOptions(
    shared(
      program.command("fix").description("show the fixes as a diff, or apply them").argument("[target...]", targets),
    ).option("--prove", "build and run it before and after on a copy, and keep only the fixes that hold"),
  )
    .option("-w, --write", "write the files instead of printing a diff")
    .option("--likely", "also fixes that are right under the condition their title states")
    .option("--only <rule>", "fixes of this rule only (may be repeated)", collect, [])
    .action(async (found: string[], options) => done(await (await load()).fix(found, options, terminal)));
  program
    .command("explain")
    .description("say what a rule finds, why it matters and how it is fixed")
    .argument("<rule>", "its id, or a hadolint, BuildKit, Trivy or Dockle id")
    .action(async (rule: string) => done(await (await load()).explain(rule, terminal)));
  program
    .command("rules")
    .description("list every rule")
    .addOption(new Option("-f, --format <format>", "how to print").choices(["text", "json"]).default("text"))
    .action(async (options) => done(await (await load()).rules(options, terminal)));
  program
    .command("dockerignore")
    .description("print a .dockerignore made from what the context holds, and what each line saves")
    .argument("[directory]", "the build context", ".")
    .option("--dockerfile <file>", "the Dockerfile it is for")
    .action(async (directory: string, options) =>
      done(await (await load()).dockerignore(directory, options, terminal)),
    );
  program
    .command("init")
    .description("write a commented plimsoll.yaml")
    .option("--ci <kind>", "also a workflow: github or gitlab", choice(["github", "gitlab"]))
    .option("--pre-commit", "also an entry in .pre-commit-config.yaml")
    .action(async (options) => done(await (await load()).init(options, terminal)));
  if (command !== "check" && command !== "fix") addImageCommands(program, terminal, done);
  program
    .command("completion")
    .description("print completions for a shell")
    .argument("<shell>", "bash, zsh or fish", choice(["bash", "zsh", "fish"]))
    .action(async (shell: string) => done(await (await load()).completion(shell, program, terminal)));
  return program;
}

function shared(command: Command): Command {
  return command
    .option("-c, --config <file>", "read this plimsoll.yaml instead of the nearest one")
    .option("--rule <id=severity>", "set a rule's severity, or off (may be repeated)", collect, [])
    .option("--context <directory>", "the build context, when it is not the Dockerfile's directory")
    .option("--no-color", "no colours (NO_COLOR is honoured too)")
    .option("-q, --quiet", "findings alone");
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function choice(allowed: readonly string[]): (value: string) => string {
  return (value) => {
    if (!allowed.includes(value)) throw new InvalidArgumentError(`Allowed are ${allowed.join(", ")}.`);
    return value;
  };
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
