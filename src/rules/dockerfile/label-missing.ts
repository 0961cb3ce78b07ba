import { chainOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const labelMissing: Rule<"dockerfile"> = {
  id: "label-missing",
  subject: "dockerfile",
  aim: "style",
  severity: "low",
  summary: "A label that the site asks for is missing",
  why: `The policy of this site names labels every image must have, so that its owner, version or source can be found from the
image alone. A label of the base does not count: it speaks of the base. Docker's own build can also set one:
\`docker build --label name=value\`.`,
  aliases: ["DL3049"],
  *check({ dockerfile }, { policy }) {
    const wanted = Object.keys(policy.labels);
    const last = dockerfile.stages.at(-1);
    if (wanted.length === 0 || !last?.from) return;
    const given = new Set<string>();
    for (const stage of chainOf(dockerfile, last.index))
      for (const instruction of stage.instructions)
        if (instruction.keyword === "LABEL")
          for (const { name } of instruction.pairs) {
            // A name nobody can know might be any of those asked for.
            if (name.value === undefined) return;
            given.add(name.value);
          }
    const missing = wanted.filter((name) => !given.has(name));
    if (missing.length === 0) return;
    yield {
      message: `the image has no ${missing.length === 1 ? "label" : "labels"} ${missing.join(", ")}`,
      at: inSource(dockerfile, last.from.image.range),
      ...assistedFix(`Add LABEL ${missing.map((name) => `${name}="…"`).join(" ")}`),
    };
  },
  examples: [
    {
      title: "one of two is missing",
      text: "FROM a AS b\nFROM «debian:12»\nLABEL team=x\nCMD y\n",
      policy: { labels: { team: "text", version: "semver" } },
    },
    {
      title: "given in a stage below",
      text: 'FROM debian:12 AS b\nLABEL team=x \\\n  "version"=1.0.0\nFROM b\nCMD y\n',
      policy: { labels: { team: "text", version: "semver" } },
    },
    { title: "nothing is asked for", text: "FROM debian:12\nCMD y\n" },
  ],
};
