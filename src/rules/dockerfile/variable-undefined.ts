import {
  type Dockerfile,
  expandWord,
  insertLineBefore,
  type Instruction,
  platformArguments,
  predefinedArguments,
  type VariableUse,
  type Word,
} from "../../syntax/index.ts";
import type { Fix } from "../../core/index.ts";
import { assistedFix, inSource, safeFix } from "../problem.ts";
import { nearName } from "../reading/near-name.ts";
import type { Rule } from "../rule.ts";

export const variableUndefined: Rule<"dockerfile"> = {
  id: "variable-undefined",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",
  summary: "An instruction uses a variable that nothing has set",
  why: `Docker puts nothing in the place of a variable without a value, and says nothing: \`COPY app-$TARGETARCH /app\` copies \`app-\`.
A stage sees its own ARGs and ENVs, those ENVs of the stage or image it is FROM, and nothing else: ARGs from above the first FROM, and
those that BuildKit provides like TARGETARCH, have to be declared in it first.`,
  aliases: ["UndefinedVar"],
  *check({ dockerfile }) {
    if (!dockerfile.source.text.includes("$")) return;
    for (const instruction of dockerfile.instructions) {
      if (instruction.stage < 0) continue;
      for (const word of expandedWords(instruction)) {
        if (!word.raw.includes("$")) continue;
        for (const use of expandWord(word.raw, dockerfile.escape, () => undefined).variables) {
          const found = judge(dockerfile, instruction, use);
          if (!found) continue;
          const start = word.range.start + use.start;
          const end = word.range.start + use.end;
          // A word that goes on in the next line is not where its text says.
          const range = dockerfile.source.text.slice(start, end).includes(use.name) ? { start, end } : word.range;
          yield { message: found.message, at: inSource(dockerfile, range), fix: found.fix };
        }
      }
    }
  },
  examples: [
    { title: "nothing sets it", text: "FROM scratch\nCOPY app-«$VERSION» /app\n" },
    {
      title: "declared above FROM, or provided to who asks",
      text: "ARG VERSION=1\nFROM debian:12\nCOPY app-«$VERSION»-«${TARGETARCH}» /app\n",
      fixed: "ARG VERSION=1\nFROM debian:12\nARG VERSION\nARG TARGETARCH\nCOPY app-$VERSION-${TARGETARCH} /app\n",
    },
    { title: "a slip of the pen", text: "FROM debian:12\nENV APP_HOME=/srv\nWORKDIR «$APP_HOMES»/x\n" },
    {
      title: "set, inherited, a default, or read by a shell",
      text: "FROM debian:12 AS a\nARG V=1\nENV W=$V\nFROM a\nCOPY x-$W /$PATH${X:-y}\nLABEL a='$Z'\nRUN echo $NOTHING\nCMD echo $NOTHING\n",
    },
  ],
};

/** The words in which Docker itself puts values in the place of variables (Dockerfile reference, "Environment replacement"). */
function expandedWords(instruction: Instruction): readonly Word[] {
  switch (instruction.keyword) {
    case "ADD":
    case "COPY":
      return [...instruction.flags.flatMap(({ value }) => value ?? []), ...instruction.sources, instruction.target];
    case "ENV":
    case "LABEL":
    case "ARG":
      return instruction.pairs.flatMap(({ name, value }) => (value ? [name, value] : [name]));
    case "EXPOSE":
    case "STOPSIGNAL":
    case "USER":
    case "VOLUME":
    case "WORKDIR":
      return instruction.words;
    default:
      return [];
  }
}

/** A base may set what it likes, so that only what it cannot have meant is told where there is one. */
function judge(
  dockerfile: Dockerfile,
  instruction: Instruction,
  { name, modifier }: VariableUse,
): { message: string; fix: Fix } | undefined {
  if (modifier !== "" || dockerfile.declares(name, instruction) || predefinedArguments.has(name)) return undefined;
  const isGlobal = dockerfile.globalArguments.includes(name);
  if (isGlobal || platformArguments.has(name)) {
    const declare = safeFix(`Declare ARG ${name} in the stage`, [
      insertLineBefore(dockerfile, instruction, `ARG ${name}`),
    ]).fix;
    const why = isGlobal ? "it was declared before FROM" : "BuildKit gives it to stages that declare it";
    return declare && { message: `${name} is empty here: ${why}`, fix: declare };
  }
  const near = nearName(name, namesIn(dockerfile, instruction));
  if (near === undefined && dockerfile.variable(name, instruction) !== null) return undefined;
  return {
    message: `nothing has set ${name}`,
    ...assistedFix(near === undefined ? `Declare ARG ${name}, or set it with ENV` : `Did you mean ${near}?`),
  };
}

function namesIn(dockerfile: Dockerfile, before: Instruction): readonly string[] {
  const names = dockerfile.instructions
    .slice(0, before.index)
    .flatMap((one) => (one.keyword === "ARG" || one.keyword === "ENV" ? one.pairs.map((pair) => pair.name.raw) : []));
  return names.filter((name) => dockerfile.declares(name, before));
}
