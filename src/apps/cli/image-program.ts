import { type Command, Option } from "commander";
import { severities } from "../../core/index.ts";
import { addScanPolicyOptions } from "./scan-program.ts";
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
    .action(async (target: string, options) =>
      done(await (await import("./commands/weigh.ts")).weigh(target, options, terminal)),
    );
  addScanPolicyOptions(
    fromDockerfile(
      reading(
        program
          .command("scan")
          .description("say what is installed in an image and what is known against it")
          .argument(
            "[image]",
            `${image}; dir:PATH for the lock files of a directory, sbom:FILE for a bill of materials`,
          ),
        scanFormats,
        true,
      ),
    ),
  )
    .option("--base <image>", "the base image, to tell its layers apart for certain")
    .option("--store <file>", "the advisory store to use (PLIMSOLL_STORE)")
    .option("--show-suppressed", "also what matches and does not count, and why")
    .option("--explain <id>", "why this vulnerability matches: evidence, versions, who says so")
    .action(async (target: string | undefined, options) =>
      done(await (await import("./commands/scan.ts")).scan(target, options, terminal)),
    );
  fromDockerfile(
    reading(
      program
        .command("sbom")
        .description("write a bill of materials: what is installed in an image, and where it came in")
        .argument("<image>", image),
      ["cyclonedx", "spdx-json"],
    ),
  )
    .option("--base <image>", "the base image, to tell its layers apart for certain")
    .action(async (target: string, options) => done(await (await load()).sbom(target, options, terminal)));
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
  proofOptions(
    program
      .command("prove")
      .description("say whether one Dockerfile or image can take the place of another: build, hold and run both")
      .argument("<before>", "a Dockerfile, a directory, or an image")
      .argument("<after>", "what is to take its place"),
  )
    .option("--context <directory>", "the build context, when it is not the Dockerfile's directory")
    .option("-c, --config <file>", "read this plimsoll.yaml instead of the nearest one")
    .option("--rule <id=severity>", "set a rule's severity, or off (may be repeated)", collect, [])
    .option("--no-cache", "read every layer anew")
    .option("--no-color", "no colours (NO_COLOR is honoured too)")
    .option("-q, --quiet", "the essential alone")
    .action(async (before: string, after: string, options) =>
      done(await (await load()).prove(before, after, options, terminal)),
    );
  fromDockerfile(
    reading(
      program
        .command("files")
        .description("list every file that a container sees, with the layer and the line that brought it")
        .argument("<image>", image),
    ),
  ).action(async (target: string, options) => done(await (await load()).files(target, options, terminal)));
  fromDockerfile(
    program
      .command("slim")
      .description(
        "write the image again without what no container sees, without an engine, and prove that it is the same",
      )
      .argument("<image>", image),
  )
    .requiredOption(
      "-o, --output <place>",
      "oci:DIRECTORY, archive:FILE (also for docker load) or registry:HOST/NAME:TAG",
    )
    .option("--squash", "one layer above the base")
    .option("--relayer", "layers above the base that the next version shares")
    .option("--drop <class...>", "leave out files that these rules name, like image-apt-lists")
    .addOption(new Option("--recompress <how>", "pack all layers above the base anew").choices(["gzip-9", "zstd"]))
    .option("--base <image>", "the base image, whose layers stay byte for byte; none to treat all layers alike")
    .option("--platform <platform>", "which image of several, like linux/arm64")
    .addOption(new Option("-f, --format <format>", "how to print").choices(["text", "json"]).default("text"))
    .option("--no-cache", "read every layer anew")
    .option("--no-color", "no colours (NO_COLOR is honoured too)")
    .option("-q, --quiet", "the essential alone")
    .action(async (target: string, options) => done(await (await load()).slim(target, options, terminal)));
  reading(
    program
      .command("base")
      .description("list what could take the place of a base image, measured, the best first")
      .argument("[dockerfile|image]", "the Dockerfile (or its directory) that names the base, or an image", "."),
  )
    .option("--target <stage>", "the stage whose base it is, when it is not the last")
    .option("--registry <host>", "read official images from this registry and not from Docker Hub")
    .option("--store <file>", "the advisory store to use (PLIMSOLL_STORE)")
    .option("--timeout <seconds>", "how long measuring one image may take", "120")
    .option("--offline", "measure nothing: what is known without asking anybody")
    .action(async (target: string, options) => done(await (await load()).base(target, options, terminal)));
  reading(
    program
      .command("plan")
      .description("rank what is worth doing about a project and the image built from it")
      .argument("[target...]", "files, directories to search, or - for standard input"),
  )
    .option("--image <image>", "the image built from it: bytes are measured, and packages and advisories count")
    .option("--bases", "measure what could take the place of its base too, in the engine or registries")
    .option("--registry <host>", "read official images from this registry and not from Docker Hub")
    .option("--store <file>", "the advisory store to use (PLIMSOLL_STORE)")
    .option("--timeout <seconds>", "how long measuring one base may take", "120")
    .option("-c, --config <file>", "read this plimsoll.yaml instead of the nearest one")
    .option("--rule <id=severity>", "set a rule's severity, or off (may be repeated)", collect, [])
    .option("--context <directory>", "the build context, when it is not the Dockerfile's directory")
    .action(async (targets: string[], options) => done(await (await load()).plan(targets, options, terminal)));
  program
    .command("cache")
    .description("say what is kept of layers that were read, or remove it")
    .option("--clear", "remove all of it")
    .option("--older-than <days>", "remove what was not used for so many days")
    .addOption(new Option("-f, --format <format>", "how to print").choices(["text", "json"]).default("text"))
    .action(async (options) => done((await load()).cache(options, terminal)));
  addStoreCommands(program, terminal, done);
}

/** `plimsoll db …`: the advisories that `scan` answers from. */
function addStoreCommands(program: Command, terminal: Terminal, done: (status: number) => void): void {
  const db = program.command("db").description("fetch, make, carry and ask the store of advisories");
  const add = (name: string, summary: string): Command =>
    db
      .command(name)
      .description(summary)
      .option("--store <file>", "the store (PLIMSOLL_STORE); without it the one kept for this user")
      .addOption(new Option("-f, --format <format>", "how to print").choices(["text", "json"]).default("text"))
      .option("-q, --quiet", "the essential alone");
  add("update", "fetch what is newer and put a new store in place")
    .option(
      "-e, --ecosystem <name>",
      "Debian, npm, Alpine:v3.20, …; only these are fetched (may be repeated)",
      collect,
      [],
    )
    .option("--mirror <address>", "fetch everything from here: https://, file:/// or http:// to this machine")
    .option("--feed <id=address>", "another address for one feed, or off (may be repeated)", collect, [])
    .action(async (options) => done(await (await load()).db.update(options, terminal)));
  add("build", "make a store from a folder laid out like the OSV bucket")
    .requiredOption("--from <directory>", "the folder: ecosystems with all.zip, and other feeds' files")
    .option("--output <file>", "the store to write; without it --store")
    .option("-e, --ecosystem <name>", "only these (may be repeated)", collect, [])
    .option("--no-prose", "facts only, no summaries: for passing on")
    .action(async (options) => done((await load()).db.build(options, terminal)));
  add("status", "say what the store knows, and as of when")
    .option("--max-age <days>", "exit 3 when it is older")
    .option("--verify", "read all of it and compare its checksum")
    .action(async (options) => done((await load()).db.status(options, terminal)));
  add("import", "put a store that was exported in place")
    .argument("<file>", "a store, gzipped or not")
    .action(async (file: string, options) => done(await (await load()).db.importFrom(file, options, terminal)));
  add("export", "write the store to one file, gzipped when its name ends in .gz")
    .argument("<file>", "where to")
    .action(async (file: string, options) => done(await (await load()).db.exportTo(file, options, terminal)));
  add("push", "push the store to a registry, with the login that docker has for it")
    .argument("<name>", "HOST/NAME:TAG")
    .action(async (name: string, options) => done(await (await load()).db.push(name, options, terminal)));
  add("pull", "pull a store from a registry and put it in place")
    .argument("<name>", "HOST/NAME:TAG, or HOST/NAME@sha256:…")
    .action(async (name: string, options) => done(await (await load()).db.pull(name, options, terminal)));
  add("lookup", "show what is known of a vulnerability, or of a package")
    .argument("<subject>", "CVE-…, any other advisory id, or ECOSYSTEM/PACKAGE like npm/lodash")
    .action(async (subject: string, options) => done((await load()).db.lookup(subject, options, terminal)));
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** What `fix --prove` and `prove` take alike. */
export function proofOptions(command: Command): Command {
  return command
    .option(
      "--smoke <command>",
      "proof: how to see that it works; run by sh, with IMAGE set and, for `docker compose`, the project's services",
    )
    .option(
      "--claim <claim>",
      "proof: also run with read-only-root, no-capabilities or non-root (may be repeated)",
      collect,
      [],
    )
    .option("--builder <id>", "proof: docker-buildkit, docker-classic, podman or buildah; the first that answers")
    .option("--network <mode>", "proof: what RUN reaches while building (none, host, …)")
    .option("--build-arg <key=value>", "proof: a build argument (may be repeated)", collect, [])
    .option("--platform <platform>", "proof: what to build for, like linux/arm64")
    .option("--target <stage>", "proof: the stage to build, when it is not the last")
    .option("--timeout <seconds>", "proof: how long one build may take", "1800")
    .option("--tries <count>", "proof: how many sets of fixes are tried at most", "40")
    .option("--store <file>", "proof: the advisory store to use (PLIMSOLL_STORE)")
    .addOption(
      new Option("--fail-on <severity>", "proof: nothing new may come from this severity on").choices([
        ...severities,
        "none",
      ]),
    )
    .option("--proof <file>", "write the proof as JSON")
    .option("--markdown <file>", "write it as Markdown, for a pull request")
    .option("--vex <file>", "write the advisories that are fixed as OpenVEX");
}

/** Those of `scanReporters`, which are of the other bundle. */
const scanFormats = [
  "text",
  "json",
  "sarif",
  "cyclonedx",
  "cyclonedx-vex",
  "spdx-json",
  "junit",
  "gitlab",
  "github",
  "markdown",
];

function reading(command: Command, formats: readonly string[] = ["text", "json"], several = false): Command {
  const [first = "text"] = formats;
  command.addOption(new Option("-f, --format <format>", "how to print").choices(formats).default(first));
  if (several)
    command.option(
      "-o, --output <file>",
      "write to a file; FORMAT=FILE for several at once (may be repeated)",
      collect,
      [],
    );
  else command.option("-o, --output <file>", "write the report to a file");
  return command
    .option("--platform <platform>", "which image of several, like linux/arm64")
    .option("--no-cache", "read every layer anew")
    .option("--mirror <registry=host>", "ask this host first, like docker.io=HOST (may be repeated)", collect, [])
    .option("--no-color", "no colours (NO_COLOR is honoured too)")
    .option("-q, --quiet", "the essential alone");
}

function fromDockerfile(command: Command): Command {
  return command
    .option("--dockerfile <file>", "what it was built from; ./Dockerfile where the image's history fits it")
    .option("--target <stage>", "the stage that was built, when it is not the last");
}
