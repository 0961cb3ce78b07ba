import { removeInstruction } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const cmdRepeated: Rule<"dockerfile"> = {
  id: "cmd-repeated",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",

  summary: "Only the last CMD of a stage counts",
  why: `Docker keeps one CMD per stage and silently drops those before. Whoever reads the first one believes in something that never runs.`,
  aliases: ["DL4003", "MultipleInstructionsDisallowed", "DS-0016"],
  *check({ dockerfile }) {
    for (const stage of dockerfile.stages) {
      const all = stage.instructions.filter((instruction) => instruction.keyword === "CMD");
      for (const instruction of all.slice(0, -1)) {
        yield {
          message: "a later CMD of this stage replaces this one",
          at: inSource(dockerfile, instruction.keywordRange),
          ...safeFix("Delete it", [removeInstruction(dockerfile, instruction)]),
        };
      }
    }
  },
  examples: [
    { title: "two in a stage", text: 'FROM a\n«CMD» ["a"]\nCMD ["b"]\n', fixed: 'FROM a\nCMD ["b"]\n' },
    { title: "one in each stage", text: 'FROM a AS x\nCMD ["a"]\nFROM x\nCMD ["b"]\n' },
  ],
};
