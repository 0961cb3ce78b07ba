import {
  chainOf,
  type CopyInstruction,
  type Dockerfile,
  normalizePath,
  replaceRange,
  type Stage,
} from "../../syntax/index.ts";
import { inSource, likelyFix, safeFix } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { writtenOut } from "../reading/lenders.ts";
import type { Rule } from "../rule.ts";

export const copyRelativeWithoutWorkdir: Rule<"dockerfile"> = {
  id: "copy-relative-without-workdir",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",
  summary: "Files are copied to a relative path before any WORKDIR",
  why: `A relative destination is taken from the working directory, and where no \`WORKDIR\` stands above, that is the base image's: mostly
\`/\`, so that \`COPY . .\` mixes the project with the system's own directories, and something else as soon as the base changes it. Say
where with \`WORKDIR\`, or with an absolute path.`,
  aliases: ["DL3045"],
  *check({ dockerfile }, known) {
    for (const copy of copiesWithoutWorkdir(dockerfile)) {
      const { raw, value, range } = copy.target;
      const stage = dockerfile.stages[copy.stage];
      if (!stage || value === undefined || value === "" || raw.includes("$")) continue;
      const base = baseOf(dockerfile, stage, known);
      if (base.family === "windows" || /^(?:[/\\]|[A-Za-z]:)/.test(value)) continue;
      const isEmpty = chainOf(dockerfile, copy.stage).at(-1)?.base.kind === "scratch";
      const directory = isEmpty ? "/" : base.workdir;
      const written = /^[\w./-]+$/.test(value) ? writtenOut(copy.target, value) : undefined;
      const edits =
        directory === undefined || !written
          ? undefined
          : replaceRange(dockerfile, written, absolutePath(directory, value));
      yield {
        message:
          directory === undefined
            ? "the base image decides where this lands"
            : `no WORKDIR stands above: this lands in ${directory}`,
        at: inSource(dockerfile, range),
        ...(directory === undefined || isEmpty ? { severity: "info" as const } : {}),
        ...(isEmpty
          ? safeFix("Use an absolute path", edits)
          : likelyFix(`Use an absolute path, if the base's directory is ${directory}`, edits)),
      };
    }
  },
  examples: [
    {
      title: "on a base that stands at /",
      text: "FROM debian:12\nCOPY . «.»\nCOPY run.sh «bin/run.sh»\nADD a b «./etc/app/»\n",
      fixed: "FROM debian:12\nCOPY . /\nCOPY run.sh /bin/run.sh\nADD a b /etc/app/\n",
    },
    {
      title: "on a base that stands elsewhere",
      text: "FROM golang:1.24\nCOPY . «.»\nCOPY x «src/x»\n",
      fixed: "FROM golang:1.24\nCOPY . /go/\nCOPY x /go/src/x\n",
    },
    {
      title: "on nothing, in JSON form and quotes",
      text: 'FROM scratch\nCOPY ["my app", «"app"»]\nCOPY x «"y"»\nCOPY ["z", «"my z"»]\n',
      fixed: 'FROM scratch\nCOPY ["my app", "/app"]\nCOPY x "/y"\nCOPY ["z", "my z"]\n',
    },
    {
      title: "on a base nobody knows, before its WORKDIR",
      text: "ARG BASE\nFROM example.com/x:1\nCOPY . «app/»\nWORKDIR /app\nCOPY . .\nFROM $BASE\nCOPY . «.»\n",
    },
    {
      title: "out of a stage whose WORKDIR is its own",
      text: "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nFROM nginx:1.29\nCOPY --from=build /app/dist «html»\n",
      fixed: "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nFROM nginx:1.29\nCOPY --from=build /app/dist /html\n",
    },
    { title: "below a WORKDIR", text: "FROM debian:12\nWORKDIR /app\nCOPY . .\nADD x y\n" },
    {
      title: "a WORKDIR nobody knows, or a relative one",
      text: "FROM debian:12\nARG D\nWORKDIR $D\nCOPY . .\nFROM debian:12\nWORKDIR app\nCOPY . .\n",
    },
    {
      title: "a WORKDIR of the stage it is made of",
      text: "FROM debian:12 AS base\nWORKDIR /app\nFROM base AS deps\nFROM deps\nCOPY . .\n",
    },
    {
      title: "a WORKDIR that the stage it is made of triggers",
      text: "FROM debian:12 AS base\nONBUILD WORKDIR /app\nFROM base\nCOPY . .\n",
    },
    { title: "absolute paths", text: 'FROM debian:12\nCOPY . /app/\nCOPY ["a", "/b"]\nCOPY a "/b"\n' },
    {
      title: "variables",
      text: "FROM debian:12\nARG DIR=app\nENV HOME_DIR=/srv\nCOPY . $DIR\nCOPY . ${HOME_DIR}/x\nCOPY . $UNKNOWN/x\n",
    },
    {
      title: "Windows",
      text: "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nCOPY . C:\\app\nCOPY . c:/app/\nCOPY . \\app\\\nCOPY . app\n",
    },
    { title: "what another file's build triggers", text: "FROM debian:12\nONBUILD COPY . .\n" },
    { title: "a part of a file", text: "COPY . .\nRUN make\n" },
  ],
};

/** The COPYs and ADDs above the first WORKDIR of their stage, where the stages it is made of have none either. */
function* copiesWithoutWorkdir(dockerfile: Dockerfile): Generator<CopyInstruction> {
  for (const stage of dockerfile.stages) {
    // A text without FROM is a part of a file whose WORKDIR may be elsewhere.
    if (!stage.from || chainOf(dockerfile, stage.index).slice(1).some(setsWorkdir)) continue;
    for (const one of stage.instructions) {
      if (one.keyword === "WORKDIR") break;
      if (one.keyword === "COPY" || one.keyword === "ADD") yield one;
    }
  }
}

/** Whether what is made of a stage has a WORKDIR from it, set or triggered. */
function setsWorkdir(stage: Stage): boolean {
  return stage.instructions.some(
    (one) => one.keyword === "WORKDIR" || (one.keyword === "ONBUILD" && one.trigger?.keyword === "WORKDIR"),
  );
}

/** The same destination from `/` on; one that can only be a directory still says so. */
function absolutePath(directory: string, value: string): string {
  const path = normalizePath(`${directory}/${value}`);
  return path !== "/" && /(?:^|\/)\.{0,2}$/.test(value) ? `${path}/` : path;
}
