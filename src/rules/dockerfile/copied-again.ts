import type { BuildContext } from "../../core/index.ts";
import {
  type Dockerfile,
  operandsOf,
  type RunInstruction,
  shippedInstructions,
  type ShellCommand,
  type Word,
} from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

/** Bytes below which a second copy is not worth a word. */
const worthSaying = 1 << 16;

export const copiedAgain: Rule<"dockerfile"> = {
  id: "copied-again",
  subject: "dockerfile",
  aim: "size",
  severity: "info",
  summary: "A file of an earlier layer is copied to another place",
  why: `A layer cannot share bytes with the layer below: \`cp\` stores the file a second time, and so does \`mv\`, which only
hides the first one. Let the step that makes the file write it where it belongs, \`COPY\` it there, or use a link.`,
  check: whereSaid(/\b(?:cp|mv)\b/, function* ({ dockerfile, context }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      for (const name of ["cp", "mv"])
        for (const command of run.script.named(name)) {
          const [source, target, ...more] = operandsOf(command);
          if (!source?.value || !target?.value || more.length > 0 || !madeBefore(dockerfile, run, source, context))
            continue;
          if (madeHere(run, command, source.value)) continue;
          yield {
            message: `this stores ${source.value} a second time`,
            at: inSource(dockerfile, command.range),
            ...assistedFix("Put it there in the step that makes it"),
          };
        }
    }
  }),
  examples: [
    {
      title: "what a step before has made",
      text: "FROM eclipse-temurin:21\nWORKDIR /app\nRUN jar --create --file shop.jar -C classes .\nRUN «cp shop.jar /shop.jar»\n",
    },
    {
      title: "what was copied in",
      text: "FROM debian:12\nWORKDIR /app\nCOPY model.bin /app/\nRUN «mv model.bin /data/model.bin»\n",
      context: { "model.bin": "x".repeat(70_000) },
    },
    {
      title: "in the same step, of the base, small, or in a build stage",
      text: "FROM debian:12 AS build\nRUN make app.bin\nRUN cp app.bin /x\nFROM debian:12\nRUN make app.bin && cp app.bin /x\nRUN cp /usr/share/zoneinfo/UTC /etc/localtime\nCOPY a.conf /a.conf\nRUN cp a.conf b.conf\n",
      context: { "a.conf": "x" },
    },
  ],
};

/** Whether an earlier step names the file as what it makes or brings, and it is large enough or made by a program. */
function madeBefore(
  dockerfile: Dockerfile,
  run: RunInstruction,
  source: Word,
  context: BuildContext | undefined,
): boolean {
  const name = source.value?.split("/").pop() ?? "";
  if (!/^[\w.+-]+\.\w+$/.test(name)) return false;
  return (dockerfile.stages[run.stage]?.instructions ?? []).some((one) => {
    if (one.index >= run.index) return false;
    if (one.keyword === "RUN")
      return one.script.commands.some(
        ({ name: program, args }) =>
          !readers.has(program) && args.some(({ value }) => value === name || value?.endsWith(`/${name}`) === true),
      );
    if (one.keyword !== "COPY" && one.keyword !== "ADD") return false;
    const copied = one.sources.find(({ value }) => value === name || value?.endsWith(`/${name}`));
    if (!copied || one.flags.some((flag) => flag.name === "from")) return false;
    const path = copied.value?.replace(/^\.?\//, "");
    return (context?.files.find((file) => file.path === path)?.size ?? 0) >= worthSaying;
  });
}

/** Programs that read or change the files they are given rather than make them. */
const readers: ReadonlySet<string> = new Set(
  "cat chmod chown cp echo file grep head ls md5sum mv python python3 node rm sed sh bash sha256sum stat tail test tar touch unzip".split(
    " ",
  ),
);

/** Whether the same RUN makes the file before. */
function madeHere(run: RunInstruction, copy: ShellCommand, path: string): boolean {
  const name = path.split("/").pop() ?? path;
  return run.script.commands.some(
    (command) => command.range.start < copy.range.start && command.args.some(({ value }) => value?.includes(name)),
  );
}
