import { replaceRange } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const emptyContinuation: Rule<"dockerfile"> = {
  id: "empty-continuation",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",

  summary: "A blank line inside a continued instruction",
  why: `Docker still skips blank lines between continued lines, says that this will become an error, and readers take the blank line for the end of the
instruction.`,
  aliases: ["NoEmptyContinuation"],
  *check({ dockerfile }) {
    for (const instruction of dockerfile.instructions) {
      const { emptyContinuations } = instruction;
      const [first] = emptyContinuations;
      if (!first) continue;
      yield {
        message: "a blank line stands inside this instruction",
        at: inSource(dockerfile, instruction.keywordRange),
        ...safeFix(
          "Delete the blank lines",
          emptyContinuations.map((range) => replaceRange(dockerfile, range, "")),
        ),
      };
    }
  },
  examples: [
    { title: "in a RUN", text: "FROM a\n«RUN» one \\\n\n  two\n", fixed: "FROM a\nRUN one \\\n  two\n" },
    { title: "a comment is no blank line", text: "FROM a\nRUN one \\\n  # why\n  two\n\nUSER x\n" },
  ],
};
