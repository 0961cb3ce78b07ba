import type { BuildContext, Fix } from "../../core/index.ts";
import {
  type Dockerfile,
  insertAt,
  instructionsOf,
  isEditable,
  remembered,
  removeWord,
  replaceRange,
  type RunInstruction,
  type ShellCommand,
  shippedStages,
  subcommandOf,
  subcommandWord,
  addOption,
  type Word,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const debugSymbolsKept: Rule<"dockerfile"> = {
  id: "debug-symbols-kept",
  subject: "dockerfile",
  aim: "size",
  severity: "info",
  summary: "The program is built with debugging symbols, and they are shipped",
  why: `Symbols are for a debugger, and make up a third of a Go program and most of a C program built with \`-g\`. Link Go with
\`-ldflags='-s -w'\` (stack traces stay readable), leave \`-g\` out or \`strip\` the result, and give cargo \`--release\`: a debug
build is also many times slower. Where symbols are wanted, keep them beside the image.`,
  check: whereSaid(/\bgo\b|[\s"'=]-g|Debug|cargo/, function* ({ dockerfile, context }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      if (!reaching(dockerfile).has(run.stage) || (lastStrips(dockerfile).get(run.stage) ?? -1) >= run.index) continue;
      for (const command of run.script.commands) {
        const verb = subcommandOf(command);
        if (command.name === "go" && verb === "build") yield* goBuild(dockerfile, run, command);
        else if (command.name === "cargo" && verb === "build" && !command.args.some(({ raw }) => optimised.test(raw)))
          yield {
            message: "this is a debug build: large, and slow when it runs",
            at: inSource(dockerfile, command.range),
            ...assistedFix("Build with --release, and copy from target/release"),
          };
        else if (command.name === "cargo" && verb === "build" && keepsSymbols(dockerfile, run, command, context))
          yield {
            message: "the program keeps its symbol table",
            at: inSource(dockerfile, command.range),
            ...(isEditable(run)
              ? likelyFix("Strip it when it is linked, if nobody reads its backtraces or runs a debugger on it", [
                  insertAt(dockerfile, command.nameWord.range.start, "CARGO_PROFILE_RELEASE_STRIP=true "),
                ])
              : assistedFix("Say strip = true in the manifest's release profile")),
          };
        const word = compilers.has(command.name) ? command.args.find(asksForSymbols) : undefined;
        if (word)
          yield {
            message: "this asks for debugging symbols, and nothing takes them off again",
            at: inSource(dockerfile, word.range),
            ...withoutSymbols(dockerfile, run, word),
          };
      }
    }
  }),
  examples: [
    {
      title: "Go",
      text: 'FROM golang:1.24 AS build\nRUN «go build» -o /x .\nFROM scratch\nCOPY --from=build /x /x\nENTRYPOINT ["/x"]\n',
      fixed:
        "FROM golang:1.24 AS build\nRUN go build -ldflags='-s -w' -o /x .\nFROM scratch\nCOPY --from=build /x /x\nENTRYPOINT [\"/x\"]\n",
    },
    {
      title: "Go with flags of its own",
      text: "FROM golang:1.24\nRUN «go build» -ldflags '-X a=b' . && «go build» -ldflags=\"-X a=b\" ./x && «go build» -ldflags=-X=a=b ./y\n",
      fixed:
        "FROM golang:1.24\nRUN go build -ldflags '-s -w -X a=b' . && go build -ldflags=\"-s -w -X a=b\" ./x && go build -ldflags=-X=a=b ./y\n",
    },
    {
      title: "C",
      text: "FROM debian:12\nRUN make «CFLAGS=\"-g -O0\"» && gcc «-ggdb» -o /x x.c && make «CXXFLAGS='-O2 -g3'»\n",
      fixed: "FROM debian:12\nRUN make CFLAGS=\"-O0\" && gcc -o /x x.c && make CXXFLAGS='-O2'\n",
    },
    {
      title: "a build type, or flags in a variable",
      text: 'FROM debian:12\nRUN cmake «-DCMAKE_BUILD_TYPE=Debug» . && make «CFLAGS="$MORE -g"»\n',
    },
    {
      title: "a release build in Rust",
      text: "FROM rust:1.80\nCOPY . .\nRUN «cargo build --release»\n",
      context: { "Cargo.toml": '[package]\nname = "a"\n' },
      fixed: "FROM rust:1.80\nCOPY . .\nRUN CARGO_PROFILE_RELEASE_STRIP=true cargo build --release\n",
    },
    {
      title: "a release build whose manifest strips",
      text: "FROM rust:1.80\nCOPY . .\nRUN cargo build --release\n",
      context: { "Cargo.toml": '[package]\nname = "a"\n[profile.release]\nstrip = true\n' },
    },
    { title: "a debug build in Rust", text: "FROM rust:1.80\nRUN «cargo build»\n" },
    {
      title: "linked without, stripped, a release build, or nothing that is shipped",
      text: "FROM golang:1.24 AS test\nRUN go build ./...\nFROM golang:1.24\nRUN go build -ldflags '-s -w -X a=b' .\nRUN cargo build --release\nRUN gcc -g x.c && strip a.out\nRUN gcc -g0 x.c\n",
    },
  ],
};

const optimised = /^(?:--release|-r|--profile.*)$/;
const compilers: ReadonlySet<string> = new Set([
  "gcc",
  "g++",
  "cc",
  "c++",
  "clang",
  "clang++",
  "make",
  "cmake",
  "./configure",
  "configure",
]);

function asksForSymbols({ raw }: Word): boolean {
  return /^-g(?:gdb)?[1-3]?$|^C(?:XX)?FLAGS=["']?(?:.*\s)?-g(?:gdb)?[1-3]?(?:\s|["']?$)|CMAKE_BUILD_TYPE=["']?Debug/.test(
    raw,
  );
}

function* goBuild(
  dockerfile: Dockerfile,
  run: RunInstruction,
  command: ShellCommand,
): ReturnType<Rule<"dockerfile">["check"]> extends Iterable<infer P> ? Generator<P> : never {
  const verb = subcommandWord(command);
  const flags = [...command.args, ...command.assignments].map(({ raw }) => raw).join(" ");
  const goflags = dockerfile.variable("GOFLAGS", run) ?? "";
  if (!verb || /(?:^|[\s'"=])-s(?:$|[\s'"])/.test(flags) || goflags.includes("-s") || flags.includes("$")) return;
  yield {
    message: "the program keeps its symbol table and debugging data",
    at: inSource(dockerfile, { start: command.nameWord.range.start, end: verb.range.end }),
    ...(flags.includes("-ldflags")
      ? withLinkerFlags(dockerfile, run, command)
      : likelyFix("Link without them, if nobody runs a debugger on it", [
          addOption(dockerfile, verb, "-ldflags='-s -w'"),
        ])),
  };
}

/** Puts `-s -w` in front of the linker's other flags, where these are one quoted word. */
function withLinkerFlags(dockerfile: Dockerfile, run: RunInstruction, command: ShellCommand): { fix?: Fix } {
  const at = command.args.findIndex(({ raw }) => /^--?ldflags(?:=|$)/.test(raw));
  const option = command.args[at];
  const word = option?.raw.includes("=") ? option : command.args[at + 1];
  const lead = word && /^(?:--?ldflags=)?["'](?=-)/.exec(word.raw)?.[0];
  return word && lead !== undefined && isEditable(run)
    ? likelyFix("Link without them, if nobody runs a debugger on it", [
        insertAt(dockerfile, word.range.start + lead.length, "-s -w "),
      ])
    : assistedFix("Add -s -w to -ldflags");
}

const symbolFlag = /(?<=^|[\s"'=])-g(?:gdb)?[1-3]?(?=[\s"']|$)/g;

/** Takes the flag out that asks for symbols; a build type says more than that. */
function withoutSymbols(dockerfile: Dockerfile, run: RunInstruction, word: Word): { fix?: Fix } {
  const title = "Leave debugging symbols out, if nobody runs a debugger on it";
  const { start, end } = word.range;
  // What is written may be joined over lines, and a variable may hold what needs them.
  const plain = dockerfile.source.text.slice(start, end) === word.raw && !word.raw.includes("$");
  if (!isEditable(run) || !plain || word.raw.includes("CMAKE_BUILD_TYPE"))
    return assistedFix("Leave -g out, or strip the program in the same RUN");
  if (word.raw.startsWith("-g")) return likelyFix(title, [removeWord(dockerfile, word.range)]);
  const others = word.raw.replaceAll(symbolFlag, "").replaceAll(/(?<=["'=]) +| +(?=["']?$)|(?<= ) +/g, "");
  return likelyFix(title, [replaceRange(dockerfile, word.range, others)]);
}

/** Whether the project's own manifest, which is at hand, leaves a release build its symbols. */
function keepsSymbols(
  dockerfile: Dockerfile,
  run: RunInstruction,
  { args, assignments }: ShellCommand,
  context: BuildContext | undefined,
): boolean {
  const manifest = context?.text("Cargo.toml");
  const settings = [context?.text(".cargo/config.toml"), context?.text(".cargo/config"), manifest].join("\n");
  const words = [...args, ...assignments].map(({ raw }) => raw).join(" ");
  if (manifest === undefined || /^\s*strip\s*=/m.test(settings) || /strip|--config|--profile/i.test(words + settings))
    return false;
  return ["CARGO_PROFILE_RELEASE_STRIP", "RUSTFLAGS"].every(
    (name) => dockerfile.variable(name, run) === undefined && !dockerfile.source.text.includes(name),
  );
}

/** The stages that ship or that something is copied out of. */
const reaching = remembered((dockerfile: Dockerfile) => {
  const names = new Map(dockerfile.stages.map(({ name, index }) => [name?.raw.toLowerCase(), index]));
  const found = new Set(shippedStages(dockerfile));
  for (const copy of instructionsOf(dockerfile, "COPY")) {
    const from = copy.flags.find((flag) => flag.name === "from")?.value?.value?.toLowerCase();
    if (from !== undefined) found.add(names.get(from) ?? Number(from));
  }
  return found;
});

/** By stage, the last instruction that takes symbols off. */
const lastStrips = remembered((dockerfile: Dockerfile) => {
  const found = new Map<number, number>();
  for (const run of instructionsOf(dockerfile, "RUN"))
    if (
      run.script.commands.some(
        ({ name, args }) =>
          /(?:^|-)strip$|^upx$/.test(name) || (name === "install" && args.some(({ raw }) => raw === "-s")),
      )
    )
      found.set(run.stage, run.index);
  return found;
});
