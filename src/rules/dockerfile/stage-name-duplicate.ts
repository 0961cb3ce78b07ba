import type { Stage } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const stageNameDuplicate: Rule<"dockerfile"> = {
  id: "stage-name-duplicate",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",

  summary: "Two stages have the same name",
  why: `\`COPY --from\` and \`FROM\` take the last stage of the name that stands before them, so what the same name means changes from line to line.`,
  aliases: ["DL3024", "DuplicateStageName", "DS-0012"],
  *check({ dockerfile }) {
    const seen = new Map<string, Stage>();
    for (const stage of dockerfile.stages) {
      const name = stage.name?.raw.toLowerCase();
      if (!stage.name || name === undefined) continue;
      const first = seen.get(name);
      if (first?.name) {
        yield {
          message: `another stage is named ${stage.name.raw}`,
          at: inSource(dockerfile, stage.name.range),
          related: [{ at: inSource(dockerfile, first.name.range), message: "this one" }],
          ...assistedFix("Give it a name of its own, and look at what refers to it"),
        };
      } else seen.set(name, stage);
    }
  },
  examples: [
    { title: "whatever the case", text: "FROM a AS build\nFROM b AS «Build»\n" },
    { title: "names of their own", text: "FROM a AS build\nFROM b AS run\nFROM c\nFROM d\n" },
  ],
};
