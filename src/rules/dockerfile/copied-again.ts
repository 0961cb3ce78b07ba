import type { BuildContext } from "../../core/index.ts";
import {
  type Instruction,
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
    let stage = -1;
    let made: ReadonlyMap<string, number> = new Map();
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      if (run.script.named("cp").length + run.script.named("mv").length === 0) continue;
      if (run.stage !== stage) {
        stage = run.stage;
        made = madeIn(dockerfile.stages[stage]?.instructions ?? [], context);
      }
      for (const name of ["cp", "mv"])
        for (const command of run.script.named(name)) {
          const [source, target, ...more] = operandsOf(command);
          if (!source?.value || !target?.value || more.length > 0) continue;
          const at = made.get(source.value.split("/").pop() ?? "");
          if (at === undefined || at >= run.index) continue;
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

/** By name, the first step of the stage that makes a file, or brings one that is large. */
function madeIn(instructions: readonly Instruction[], context: BuildContext | undefined): ReadonlyMap<string, number> {
  const sizes = new Map(context?.files.map(({ path, size }) => [path, size]));
  const made = new Map<string, number>();
  const add = (word: Word, index: number): void => {
    const name = word.value?.split("/").pop() ?? "";
    if (/^[\w.+-]+\.\w+$/.test(name) && !made.has(name)) made.set(name, index);
  };
  for (const one of instructions) {
    if (one.keyword === "RUN") {
      for (const { name, args } of one.script.commands)
        if (!readers.has(name)) for (const word of args) add(word, one.index);
    } else if ((one.keyword === "COPY" || one.keyword === "ADD") && !one.flags.some(({ name }) => name === "from")) {
      for (const source of one.sources)
        if ((sizes.get(source.value?.replace(/^\.?\//, "") ?? "") ?? 0) >= worthSaying) add(source, one.index);
    }
  }
  return made;
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
