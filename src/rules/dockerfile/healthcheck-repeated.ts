import { removeInstruction } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const healthcheckRepeated: Rule<"dockerfile"> = {
  id: "healthcheck-repeated",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",

  summary: "Only the last HEALTHCHECK of a stage counts",
  why: `Docker keeps one HEALTHCHECK per stage and silently drops those before. Whoever reads the first one believes in something that never runs.`,
  aliases: ["DL3012", "MultipleInstructionsDisallowed", "DS-0023"],
  *check({ dockerfile }) {
    for (const stage of dockerfile.stages) {
      const all = stage.instructions.filter((instruction) => instruction.keyword === "HEALTHCHECK");
      for (const instruction of all.slice(0, -1)) {
        yield {
          message: "a later HEALTHCHECK of this stage replaces this one",
          at: inSource(dockerfile, instruction.keywordRange),
          ...safeFix("Delete it", [removeInstruction(dockerfile, instruction)]),
        };
      }
    }
  },
  examples: [
    {
      title: "two in a stage",
      text: 'FROM a\n«HEALTHCHECK» CMD ["a"]\nHEALTHCHECK CMD ["b"]\n',
      fixed: 'FROM a\nHEALTHCHECK CMD ["b"]\n',
    },
    { title: "one in each stage", text: 'FROM a AS x\nHEALTHCHECK CMD ["a"]\nFROM x\nHEALTHCHECK CMD ["b"]\n' },
  ],
};
