import type { Edit, SourceRange } from "../../core/index.ts";
import { type Dockerfile, type Instruction, replaceRange, type Stage, type Word } from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { isReservedName, lendersOf, lendingStage, writtenOut } from "../reading/lenders.ts";
import type { Rule } from "../rule.ts";

export const stageNameReserved: Rule<"dockerfile"> = {
  id: "stage-name-reserved",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",
  summary: "A stage has a name that already means something else",
  why: `\`FROM scratch\` is a stage without any files, and \`context\` is the build context. A stage of that name hides it: below, \`FROM scratch\`
starts with the files of the stage.`,
  aliases: ["DL3063", "ReservedStageName"],
  *check({ dockerfile }) {
    for (const stage of dockerfile.stages) {
      const { name } = stage;
      const lower = name?.raw.toLowerCase();
      if (!name || lower === undefined || !isReservedName(lower)) continue;
      const other = freeName(dockerfile, lower);
      const edits = renaming(dockerfile, stage, name, other);
      yield {
        message: `${lower} already means ${lower === "scratch" ? "a stage without files" : "the build context"}`,
        at: inSource(dockerfile, name.range),
        ...(edits
          ? likelyFix(`Name it ${other}, if no build asks for --target ${name.raw}`, edits)
          : assistedFix(`Name it ${other}, and whatever refers to it`)),
      };
    }
  },
  examples: [
    {
      title: "with all that refers to it",
      text: "FROM debian:12 AS «scratch»\nRUN make\nFROM scratch AS run\nCOPY --from=Scratch /x /x\nRUN --mount=type=bind,from=scratch,target=/s /s/y\nCOPY --from=0 /z /z\n",
      fixed:
        "FROM debian:12 AS scratch-stage\nRUN make\nFROM scratch-stage AS run\nCOPY --from=scratch-stage /x /x\nRUN --mount=type=bind,from=scratch-stage,target=/s /s/y\nCOPY --from=0 /z /z\n",
    },
    {
      title: "the name of the context, where the other name is taken",
      text: 'FROM debian:12 AS context-stage\nFROM debian:12 AS «Context»\nFROM debian:12\nCOPY --from="context" /x /x\n',
      fixed:
        'FROM debian:12 AS context-stage\nFROM debian:12 AS context-stage-2\nFROM debian:12\nCOPY --from="context-stage-2" /x /x\n',
    },
    {
      title: "what is above it is not it",
      text: "FROM scratch AS empty\nCOPY x /x\nFROM debian:12 AS «scratch»\nCOPY --from=empty /x /x\n",
      fixed: "FROM scratch AS empty\nCOPY x /x\nFROM debian:12 AS scratch-stage\nCOPY --from=empty /x /x\n",
    },
    {
      title: "not where a variable may refer to it",
      text: "ARG BASE\nFROM debian:12 AS «scratch»\nFROM $BASE\n",
    },
    {
      title: "not where two have the name",
      text: "FROM debian:12 AS «scratch»\nFROM debian:12 AS «scratch»\nFROM debian:12\nCOPY --from=scratch /x /x\n",
    },
    {
      title: "not where another file's build refers to it",
      text: "FROM debian:12 AS «context»\nONBUILD COPY --from=context /x /x\n",
    },
    { title: "the empty base itself", text: "FROM scratch\nCOPY x /x\nFROM scratch AS run\nCOPY y /y\n" },
    { title: "the context itself", text: "FROM debian:12\nRUN --mount=type=bind,from=context,target=/c make\n" },
    {
      title: "names like them",
      text: "FROM debian:12 AS from-scratch\nFROM debian:12 AS context2\nFROM debian:12 AS contexts\n",
    },
    { title: "images and paths of that name", text: "FROM example.com/scratch:1 AS s\nCOPY context /scratch\n" },
    { title: "other special words", text: "FROM debian:12 AS final\nFROM debian:12 AS latest\n" },
  ],
};

/** A name that neither a stage nor an image of this file has. */
function freeName(dockerfile: Dockerfile, name: string): string {
  const text = dockerfile.source.text.toLowerCase();
  let free = `${name}-stage`;
  for (let i = 2; text.includes(free); i++) free = `${name}-stage-${i}`;
  return free;
}

/** The edits that rename a stage and all that refers to it; undefined where something may refer to it that cannot be renamed. */
function renaming(dockerfile: Dockerfile, stage: Stage, name: Word, other: string): readonly Edit[] | undefined {
  const isName = (text: string | undefined): boolean => text?.toLowerCase() === name.raw.toLowerCase();
  if (dockerfile.stages.some((one) => one !== stage && isName(one.name?.raw))) return undefined;
  if (dockerfile.instructions.some(mayReferUnseen)) return undefined;
  const ranges: (SourceRange | undefined)[] = [name.range];
  for (const { base, from } of dockerfile.stages) {
    if (!from || base.kind !== "stage" || base.index !== stage.index) continue;
    ranges.push(from.image.value === undefined ? undefined : writtenOut(from.image, from.image.value));
  }
  for (const lender of lendersOf(dockerfile))
    if (isName(lender.text) && lendingStage(dockerfile, lender) === stage) ranges.push(lender.range);
  return ranges.every((range) => range !== undefined)
    ? ranges.map((range) => replaceRange(dockerfile, range, other))
    : undefined;
}

/** Whether a variable, or a trigger that runs in another build, stands where a stage may be named. */
function mayReferUnseen(instruction: Instruction): boolean {
  if (instruction.keyword === "FROM") return instruction.image.raw.includes("$");
  const triggered = instruction.keyword === "ONBUILD" ? instruction.trigger : undefined;
  return (triggered ?? instruction).flags.some(
    ({ name, value }) =>
      (name === "from" || (name === "mount" && value?.raw.includes("from="))) &&
      (triggered !== undefined || value?.raw.includes("$")),
  );
}
