import { removeInstruction } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const entrypointRepeated: Rule<"dockerfile"> = {
  id: "entrypoint-repeated",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",

  summary: "Only the last ENTRYPOINT of a stage counts",
  why: `Docker keeps one ENTRYPOINT per stage and silently drops those before. Whoever reads the first one believes in something that never runs.`,
  aliases: ["DL4004", "MultipleInstructionsDisallowed", "DS-0007"],
  *check({ dockerfile }) {
    for (const stage of dockerfile.stages) {
      const all = stage.instructions.filter((instruction) => instruction.keyword === "ENTRYPOINT");
      for (const instruction of all.slice(0, -1)) {
        yield {
          message: "a later ENTRYPOINT of this stage replaces this one",
          at: inSource(dockerfile, instruction.keywordRange),
          ...safeFix("Delete it", [removeInstruction(dockerfile, instruction)]),
        };
      }
    }
  },
  examples: [
    {
      title: "two in a stage",
      text: 'FROM a\n«ENTRYPOINT» ["a"]\nENTRYPOINT ["b"]\n',
      fixed: 'FROM a\nENTRYPOINT ["b"]\n',
    },
    { title: "one in each stage", text: 'FROM a AS x\nENTRYPOINT ["a"]\nFROM x\nENTRYPOINT ["b"]\n' },
  ],
};
