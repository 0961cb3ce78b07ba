import { replaceRange } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const keywordCasing: Rule<"dockerfile"> = {
  id: "keyword-casing",
  subject: "dockerfile",
  aim: "style",
  severity: "info",
  summary: "A keyword is cased unlike the others",
  why: `Docker takes keywords in any case, but whoever reads or searches the file expects one. Keep to what most of the file does;
upper case is the custom.`,
  aliases: ["ConsistentInstructionCasing"],
  *check({ dockerfile }) {
    const { text } = dockerfile.source;
    let lower = 0;
    let upper = 0;
    for (const instruction of dockerfile.instructions) {
      if (instruction.keyword === "UNKNOWN") continue;
      const { start, end } = instruction.keywordRange;
      const word = text.slice(start, end);
      if (word === instruction.keyword) upper++;
      else if (word === word.toLowerCase()) lower++;
    }
    if (upper === dockerfile.instructions.length || lower === dockerfile.instructions.length) return;
    for (const instruction of dockerfile.instructions) {
      if (instruction.keyword === "UNKNOWN") continue;
      const range = instruction.keywordRange;
      const wanted = lower > upper ? instruction.keyword.toLowerCase() : instruction.keyword;
      const word = text.slice(range.start, range.end);
      if (word === wanted || word.toUpperCase() !== instruction.keyword) continue;
      yield {
        message: `most keywords of this file are in ${lower > upper ? "lower" : "upper"} case`,
        at: inSource(dockerfile, range),
        ...safeFix(`Write ${wanted}`, replaceRange(dockerfile, range, wanted)),
      };
    }
  },
  examples: [
    {
      title: "one in lower, one in mixed case",
      text: "FROM a\nARG B\n«run» x && \\\n  y\n«Cmd» z\n",
      fixed: "FROM a\nARG B\nRUN x && \\\n  y\nCMD z\n",
    },
    { title: "a file in lower case", text: "from a\nrun x\n«CMD» y\n", fixed: "from a\nrun x\ncmd y\n" },
    { title: "all alike", text: "from a\nrun x\n" },
    { title: "an unknown word", text: "FROM a\nfoo bar\nCMD y\n" },
  ],
};
