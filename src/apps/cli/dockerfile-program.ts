import { type Command, InvalidArgumentError, Option } from "commander";
import { severities } from "../../core/index.ts";
import { proofOptions } from "./image-program.ts";
import type { Terminal } from "./terminal.ts";

/** The commands that read Dockerfiles and need no image, and those about the program itself. */
export function addDockerfileCommands(program: Command, terminal: Terminal, done: (status: number) => void): void {
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
    .option("--shellcheck", "run an installed ShellCheck over the scripts of RUN as well")
    .option("--platform <platform>", "which image of several, like linux/arm64")
    .option("--no-cache", "read every layer of images anew")
    .option("--ignorefile <file>", "for images: read this instead of .trivyignore (may be repeated)", collect, [])
    .option(
      "--vex <file>",
      "for images: an OpenVEX, CycloneDX or CSAF document that says what does not count (may be repeated)",
      collect,
      [],
    )
    .addOption(new Option("--fail-on <severity>", "exit 1 from this severity on").choices([...severities, "none"]))
    .action(async (found: string[], options) =>
      done(await (await import("./commands/check.ts")).check(found, options, terminal)),
    );
  proofOptions(
    shared(
      program.command("fix").description("show the fixes as a diff, or apply them").argument("[target...]", targets),
    ).option("--prove", "build and run it before and after on a copy, and keep only the fixes that hold"),
  )
    .option("-w, --write", "write the files instead of printing a diff")
    .option("--likely", "also fixes that are right under the condition their title states")
    .option("--bases", "proof: measure what could take the place of the base, and try it")
    .option("--registry <host>", "proof: read official images from this registry and not from Docker Hub")
    .option("--only <rule>", "fixes of this rule only (may be repeated)", collect, [])
    .action(async (found: string[], options) =>
      done(await (await import("./commands/fix.ts")).fix(found, options, terminal)),
    );
  program
    .command("explain")
    .description("say what a rule finds, why it matters and how it is fixed")
    .argument("<rule>", "its id, or a hadolint, BuildKit, Trivy or Dockle id")
    .action(async (rule: string) => done(await (await import("./commands/explain.ts")).explain(rule, terminal)));
  program
    .command("rules")
    .description("list every rule")
    .addOption(new Option("-f, --format <format>", "how to print").choices(["text", "json"]).default("text"))
    .action(async (options) => done(await (await import("./commands/rules.ts")).rules(options, terminal)));
  program
    .command("dockerignore")
    .description("print a .dockerignore made from what the context holds, and what each line saves")
    .argument("[directory]", "the build context", ".")
    .option("--dockerfile <file>", "the Dockerfile it is for")
    .action(async (directory: string, options) =>
      done(await (await import("./commands/dockerignore.ts")).dockerignore(directory, options, terminal)),
    );
  program
    .command("init")
    .description("write a commented plimsoll.yaml")
    .option("--ci <kind>", "also a workflow: github or gitlab", choice(["github", "gitlab"]))
    .option("--pre-commit", "also an entry in .pre-commit-config.yaml")
    .action(async (options) => done(await (await import("./commands/init.ts")).init(options, terminal)));
  program
    .command("completion")
    .description("print completions for a shell")
    .argument("<shell>", "bash, zsh or fish", choice(["bash", "zsh", "fish"]))
    .action(async (shell: string) =>
      done(await (await import("./commands/completion.ts")).completion(shell, program, terminal)),
    );
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
