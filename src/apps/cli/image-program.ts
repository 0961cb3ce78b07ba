import { type Command, Option } from "commander";
import type { Terminal } from "./terminal.ts";

const load = () => import("./image-commands.ts");
const image = "NAME, FILE, DIRECTORY, or SCHEME:TARGET to say where to look";

/** The commands that look into images. What they do is in a bundle of its own. */
export function addImageCommands(program: Command, terminal: Terminal, done: (status: number) => void): void {
  fromDockerfile(
    reading(
      program
        .command("weigh")
        .description("say where an image's bytes are, which nobody can see, and which line brought them")
        .argument("<image>", image),
    ),
  )
    .option("--base <image>", "the base image, to tell its layers apart for certain")
    .option("--max-size <bytes>", "fail above this unpacked size (20MB, 1.5GiB)")
    .option("--max-pull <bytes>", "fail above this size as stored")
    .option("--max-waste <bytes>", "fail above so many bytes that no container sees, the base's not counted")
    .option("--max-layers <count>", "fail above so many layers")
    .option("--ci", "hold dive's rules with its defaults, or as .dive-ci says")
    .option("--ci-config <file>", "read this instead of .dive-ci")
    .option("--lowest-efficiency <share>", "dive's rule of this name")
    .option("--highest-wasted-bytes <bytes>", "dive's rule of this name")
    .option("--highest-user-wasted-percent <share>", "dive's rule of this name")
    .action(async (target: string, options) => done(await (await load()).weigh(target, options, terminal)));
  reading(
    program
      .command("diff")
      .description("compare two images by size, layers, files and configuration")
      .argument("<before>", image)
      .argument("<after>", image),
  )
    .option("--exit-code", "exit 1 when a container could tell them apart")
    .action(async (before: string, after: string, options) =>
      done(await (await load()).diff(before, after, options, terminal)),
    );
  fromDockerfile(
    reading(
      program
        .command("files")
        .description("list every file that a container sees, with the layer and the line that brought it")
        .argument("<image>", image),
    ),
  ).action(async (target: string, options) => done(await (await load()).files(target, options, terminal)));
  program
    .command("cache")
    .description("say what is kept of layers that were read, or remove it")
    .option("--clear", "remove all of it")
    .option("--older-than <days>", "remove what was not used for so many days")
    .addOption(new Option("-f, --format <format>", "how to print").choices(["text", "json"]).default("text"))
    .action(async (options) => done((await load()).cache(options, terminal)));
}

function reading(command: Command): Command {
  return command
    .addOption(new Option("-f, --format <format>", "how to print").choices(["text", "json"]).default("text"))
    .option("-o, --output <file>", "write the report to a file")
    .option("--platform <platform>", "which image of several, like linux/arm64")
    .option("--no-cache", "read every layer anew")
    .option("--no-color", "no colours (NO_COLOR is honoured too)")
    .option("-q, --quiet", "the essential alone");
}

function fromDockerfile(command: Command): Command {
  return command
    .option("--dockerfile <file>", "what it was built from; ./Dockerfile where the image's history fits it")
    .option("--target <stage>", "the stage that was built, when it is not the last");
}
