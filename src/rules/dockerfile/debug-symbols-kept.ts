import {
  type Dockerfile,
  instructionsOf,
  remembered,
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
  check: whereSaid(/\bgo\b|[\s"'=]-g|Debug|cargo/, function* ({ dockerfile }) {
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
        const word = compilers.has(command.name) ? command.args.find(asksForSymbols) : undefined;
        if (word)
          yield {
            message: "this asks for debugging symbols, and nothing takes them off again",
            at: inSource(dockerfile, word.range),
            ...assistedFix("Leave -g out, or strip the program in the same RUN"),
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
    { title: "C", text: 'FROM debian:12\nRUN make «CFLAGS="-g -O0"» && gcc «-ggdb» -o /x x.c\n' },
    { title: "a debug build in Rust", text: "FROM rust:1.80\nRUN «cargo build»\n" },
    {
      title: "linked without, stripped, a release build, or nothing that is shipped",
      text: "FROM golang:1.24 AS test\nRUN go build ./...\nFROM golang:1.24\nRUN go build -ldflags '-s -w -X a=b' .\nRUN cargo build --release\nRUN gcc -g x.c && strip a.out\n",
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
  return /^-g(?:gdb)?\d?$|^C(?:XX)?FLAGS=["']?(?:.*\s)?-g(?:gdb)?\d?(?:\s|["']?$)|CMAKE_BUILD_TYPE=["']?Debug/.test(
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
      ? assistedFix("Add -s -w to -ldflags")
      : likelyFix("Link without them, if nobody runs a debugger on it", [
          addOption(dockerfile, verb, "-ldflags='-s -w'"),
        ])),
  };
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
