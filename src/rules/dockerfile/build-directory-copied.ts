import {
  type Dockerfile,
  flagValue,
  type Instruction,
  normalizePath,
  shippedInstructions,
  type Stage,
  workdirAt,
} from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const buildDirectoryCopied: Rule<"dockerfile"> = {
  id: "build-directory-copied",
  subject: "dockerfile",
  aim: "size",
  severity: "info",
  summary: "The whole directory of a build is copied, sources included",
  why: `A second stage is there to leave the build behind. \`COPY --from=build /src /app\` takes along the sources, the objects and what the
build tool keeps, where the program it made is one file. Copy that: \`COPY --from=build /src/server /usr/local/bin/\`.`,
  check: whereSaid(/--from/, function* ({ dockerfile }) {
    for (const copy of shippedInstructions(dockerfile, "COPY")) {
      const from = flagValue(copy, "from");
      const stage = from === undefined ? undefined : stageNamed(dockerfile, from, copy.stage);
      if (!stage || !compiles(stage)) continue;
      for (const source of copy.sources) {
        const path = source.value?.startsWith("/") ? normalizePath(source.value) : undefined;
        if (path === undefined || path === "/" || !holdsSources(dockerfile, stage, path)) continue;
        yield {
          message: `what ${stage.name?.value ?? "the stage"} was given to build is in there too`,
          at: inSource(dockerfile, source.range),
          ...assistedFix("Copy the program alone, and what it reads"),
        };
      }
    }
  }),
  examples: [
    {
      title: "a program and all its sources",
      text: "FROM golang:1.24 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o server .\nFROM debian:12\nCOPY --from=build «/src» /app\n",
    },
    {
      title: "the product, or a language that runs its sources",
      text: "FROM rust:1 AS build\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\nFROM node:20 AS web\nWORKDIR /web\nCOPY . .\nRUN npm ci\nFROM debian:12\nCOPY --from=build /src/target/release/server /app\nCOPY --from=web /web /web\n",
    },
  ],
};

const compilers: ReadonlySet<string> = new Set("go cargo gcc g++ cc c++ clang clang++ make cmake javac".split(" "));

/** Whether it makes programs that need their sources no more. */
function compiles(stage: Stage): boolean {
  return stage.instructions.some(
    (one) => one.keyword === "RUN" && one.script.commands.some(({ name }) => compilers.has(name)),
  );
}

/** Whether a directory of the context is copied to the path, or below it. */
function holdsSources(dockerfile: Dockerfile, stage: Stage, path: string): boolean {
  return stage.instructions.some((one) => {
    if ((one.keyword !== "COPY" && one.keyword !== "ADD") || one.flags.some(({ name }) => name === "from"))
      return false;
    const isTree = one.sources.some(({ value }) => value === "." || value === "./" || value?.endsWith("/") === true);
    return isTree && targetOf(dockerfile, one, one.target.value) === path;
  });
}

function targetOf(dockerfile: Dockerfile, copy: Instruction, target: string | undefined): string | undefined {
  if (target === undefined) return undefined;
  if (target.startsWith("/")) return normalizePath(target);
  const directory = workdirAt(dockerfile, copy);
  return directory === undefined ? undefined : normalizePath(`${directory}/${target}`);
}

function stageNamed(dockerfile: Dockerfile, name: string, before: number): Stage | undefined {
  const stages = dockerfile.stages.slice(0, before);
  return /^\d+$/.test(name)
    ? stages[Number(name)]
    : stages.findLast((stage) => stage.name?.value?.toLowerCase() === name.toLowerCase());
}
