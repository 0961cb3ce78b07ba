import type { BuildContext, Fix } from "../../core/index.ts";
import {
  type Dockerfile,
  insertAt,
  insertLineBefore,
  type Instruction,
  replaceRange,
  type ShellCommand,
  type Stage,
  subcommandOf,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { goBuildOf, goCallsOut, goNeedsMore } from "../reading/go-build.ts";
import type { Known, Rule } from "../rule.ts";

export const singleStageBuild: Rule<"dockerfile"> = {
  id: "single-stage-build",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",

  summary: "The program is built in the stage that ships",
  why: `Whatever builds the program stays in the image: compiler, sources, caches, development dependencies. With two stages the first builds, and the second starts from
a small base and copies only the result. For Go the rewrite is offered whole, where the project shows that the binary is all it needs.`,

  *check({ dockerfile, context }, known) {
    const [stage, ...more] = dockerfile.stages;
    if (!stage?.from || more.length > 0 || stage.base.kind !== "image") return;
    const build = findBuild(stage.instructions);
    const start = stage.instructions.findLast((one) => one.keyword === "ENTRYPOINT" || one.keyword === "CMD");
    if (!build || !start) return;
    yield {
      message: `${build.name} builds here, and all it needs ships with the result`,
      at: inSource(dockerfile, build.range),
      ...((build.name === "go" ? goFix(dockerfile, stage, context, known) : undefined) ??
        assistedFix(advice(build.name))),
    };
  },
  examples: [
    {
      title: "Go: the binary alone ships",
      text: 'FROM golang:1.27\nWORKDIR /src\nCOPY . .\nRUN «go build -o server .»\nEXPOSE 8080\nENTRYPOINT ["./server"]\n',
      context: { "go.mod": "module x\n", "main.go": "package main\n" },
      fixed:
        'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o server .\n\nFROM scratch\nCOPY --from=build /src/server /server\nUSER 65532:65532\nEXPOSE 8080\nENTRYPOINT ["/server"]\n',
    },
    {
      title: "Go that reads files beside it",
      text: 'FROM golang:1.27\nWORKDIR /src\nCOPY . .\nRUN «go build -o server .»\nCMD ["./server"]\n',
      context: { "go.mod": "module x\n", "main.go": 'package main\nvar f, _ = os.Open("x.txt")\n' },
    },
    { title: "TypeScript", text: 'FROM node:20\nCOPY . .\nRUN «npm run build»\nCMD ["node", "dist/a.js"]\n' },
    {
      title: "two stages",
      text: 'FROM golang:1.27 AS build\nRUN go build -o /a .\nFROM scratch\nCOPY --from=build /a /a\nCMD ["/a"]\n',
    },
    { title: "nothing is built", text: 'FROM python:3.13-slim\nCOPY . .\nCMD ["python", "a.py"]\n' },
  ],
};

const builders: Readonly<Record<string, RegExp>> = {
  go: /^(?:build|install)$/,
  cargo: /^(?:build|install)$/,
  npm: /^(?:run|run-script)$/,
  yarn: /^(?:build|run)$/,
  pnpm: /^(?:build|run)$/,
  mvn: /^(?:package|install|verify)$/,
  gradle: /^(?:build|assemble|bootJar|jar|shadowJar)$/,
  dotnet: /^(?:publish|build)$/,
};

/** The first command that compiles or bundles the project. */
function findBuild(instructions: readonly Instruction[]): ShellCommand | undefined {
  for (const run of instructions) {
    if (run.keyword !== "RUN") continue;
    for (const command of run.script.commands) {
      const verbs = Object.hasOwn(builders, command.name) ? builders[command.name] : undefined;
      const verb = subcommandOf(command) ?? "";
      const script = command.args[1]?.value ?? "";
      if (verbs?.test(verb) && (!verb.startsWith("run") || /build|compile|bundle/.test(script))) return command;
      if (
        command.name === "javac" ||
        command.name === "tsc" ||
        command.name === "make" ||
        ((command.name === "gcc" || command.name === "g++") && command.args.length > 1)
      )
        return command;
    }
  }
  return undefined;
}

function advice(name: string): string {
  if (/^(?:npm|yarn|pnpm|tsc)$/.test(name))
    return "Build in a first stage; in the second install without development dependencies and copy the build output";
  if (/^(?:javac|mvn|gradle)$/.test(name)) return "Build in a first stage; copy the jar onto a -jre base";
  if (name === "dotnet")
    return "Publish in a first stage; copy the output onto mcr.microsoft.com/dotnet/aspnet or runtime";
  if (name === "go" || name === "cargo")
    return "Build in a first stage; copy the binary onto scratch, distroless or a slim base";
  return "Build in a first stage; copy the result onto a slim base with the libraries it is linked to";
}

const metadata: ReadonlySet<string> = new Set(["EXPOSE", "CMD", "ENTRYPOINT", "LABEL", "STOPSIGNAL"]);

/** The whole rewrite for Go, when the context shows a pure Go module whose binary needs nothing beside it. */
function goFix(
  dockerfile: Dockerfile,
  stage: Stage,
  context: BuildContext | undefined,
  known: Known,
): { fix?: Fix } | undefined {
  if (
    !context?.files.some((file) => file.path === "go.mod" && !file.ignored) ||
    goNeedsMore(context) ||
    baseOf(dockerfile, stage, known).sdk !== "go"
  )
    return undefined;
  const last = stage.instructions.findLast((one) => !metadata.has(one.keyword));
  const tail = stage.instructions.filter((one) => last !== undefined && one.index > last.index);
  const [first] = tail;
  const starts = tail.filter((one) => one.keyword === "ENTRYPOINT" || one.keyword === "CMD");
  const [start] = starts;
  if (!first || !start || starts.length > 1 || (start.keyword !== "ENTRYPOINT" && start.keyword !== "CMD"))
    return undefined;
  if (
    stage.instructions.some((one) => ["ENV", "USER", "VOLUME", "HEALTHCHECK", "SHELL", "ONBUILD"].includes(one.keyword))
  )
    return undefined;
  const [program] = start.script.commands;
  const started = program?.nameWord.value;
  if (
    start.script.commands.length !== 1 ||
    !program ||
    started === undefined ||
    program.assignments.length > 0 ||
    program.redirects.length > 0
  )
    return undefined;
  const values = program.args.map((word) => word.value);
  if (values.some((value) => value === undefined)) return undefined;
  const build = goBuildOf(dockerfile, stage, started);
  if (!build || !stage.from || stage.from.as) return undefined;
  const name = build.binary.slice(build.binary.lastIndexOf("/") + 1);
  const { newline } = dockerfile;
  const lines = [
    "",
    "FROM scratch",
    ...(goCallsOut(context) ? ["COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/"] : []),
    `COPY --from=build ${build.binary} /${name}`,
    "USER 65532:65532",
  ].join(newline);
  const json = `[${[`/${name}`, ...values].map((value) => JSON.stringify(value)).join(", ")}]`;
  const { fix } = likelyFix("Ship the binary alone on scratch, if it needs no file beside it and no shell", [
    insertAt(dockerfile, stage.from.image.range.end, " AS build"),
    ...(build.cgoOff ? [] : [insertAt(dockerfile, build.command.range.start, "CGO_ENABLED=0 ")]),
    insertLineBefore(dockerfile, first, lines),
    replaceRange(dockerfile, start.argumentsRange, json),
  ]);
  return fix && { fix: { ...fix, alone: true } };
}
