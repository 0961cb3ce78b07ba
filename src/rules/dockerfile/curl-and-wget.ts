import { LineIndex } from "../../core/index.ts";
import { chainOf, type Word } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { installs, packageName } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const curlAndWget: Rule<"dockerfile"> = {
  id: "curl-and-wget",
  subject: "dockerfile",
  aim: "size",
  severity: "info",
  summary: "curl and wget are both installed",
  why: `They do the same here, and each brings libraries that have to be updated. One of the two is enough.`,
  aliases: ["DL4001", "DS-0014"],
  check: whereSaid(/curl/, function* ({ dockerfile }) {
    const last = dockerfile.stages.at(-1);
    if (!last || !dockerfile.source.text.includes("wget")) return;
    const found = new Map<string, Word>();
    for (const stage of chainOf(dockerfile, last.index).toReversed())
      for (const run of stage.instructions)
        if (run.keyword === "RUN")
          for (const { packages } of installs(run))
            for (const word of packages) {
              const name = packageName(word);
              if ((name === "curl" || name === "wget") && !found.has(name)) found.set(name, word);
            }
    const [first, second] = [...found.values()].sort((a, b) => a.range.start - b.range.start);
    if (!first || !second) return;
    const { line } = new LineIndex(dockerfile.source.text).position(first.range.start);
    yield {
      message: `${packageName(first)} is installed in line ${line} and does the same`,
      at: inSource(dockerfile, second.range),
      related: [{ at: inSource(dockerfile, first.range), message: "this is the other one" }],
      ...assistedFix(`Use ${packageName(first)} for both`),
    };
  }),
  examples: [
    {
      title: "one after the other",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN apt-get install -y git «wget»\n",
    },
    {
      title: "in another stage, or one of them",
      text: "FROM debian:12 AS build\nRUN apt-get install -y wget\nFROM debian:12\nRUN apt-get install -y curl\n",
    },
  ],
};
