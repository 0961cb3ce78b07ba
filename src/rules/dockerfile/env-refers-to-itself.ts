import { expandWord, instructionsOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const envRefersToItself: Rule<"dockerfile"> = {
  id: "env-refers-to-itself",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",
  summary: "ENV uses a variable that the same ENV sets",
  why: `All values of one ENV are worked out before any of them is set: \`ENV A=1 B=$A\` gives B what A was before, mostly
nothing. Split it in two.`,
  aliases: ["DL3044"],
  *check({ dockerfile }) {
    for (const env of instructionsOf(dockerfile, "ENV")) {
      if (env.pairs.length < 2) continue;
      const set = new Map<string, string>();
      for (const { name, value } of env.pairs) {
        if (value?.raw.includes("$"))
          for (const used of expandWord(value.raw, dockerfile.escape, () => undefined).variables) {
            if (!set.has(used.name) || dockerfile.declares(used.name, env)) continue;
            yield {
              message: `${used.name} has no value yet: this ENV sets it for what follows`,
              at: inSource(dockerfile, value.range),
              ...assistedFix(`Set ${name.raw} in an ENV of its own below`),
            };
          }
        set.set(name.raw, value?.raw ?? "");
      }
    }
  },
  examples: [
    { title: "in the same ENV", text: 'FROM debian:12\nENV HOME_DIR=/srv/app PATH_DIR=«"$HOME_DIR/bin"»\n' },
    {
      title: "set before, set by the base, or in an ENV of its own",
      text: "FROM debian:12\nENV A=1\nENV A=2 B=$A\nENV PATH=/x:$PATH C=1\nENV D=$C\n",
    },
  ],
};
