import { expandWord, instructionsOf, platformArguments, predefinedArguments } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { nearName } from "../reading/near-name.ts";
import type { Rule } from "../rule.ts";

export const argUndefinedInFrom: Rule<"dockerfile"> = {
  id: "arg-undefined-in-from",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",

  summary: "FROM uses a variable that no ARG before the first FROM declares",
  why: `FROM lines see only ARGs declared before the first FROM, and the platform arguments BuildKit provides. Any other variable is empty there, and the build stops
or takes another image than meant.`,
  aliases: ["UndefinedArgInFrom"],
  *check({ dockerfile }) {
    for (const from of instructionsOf(dockerfile, "FROM")) {
      const flag = from.flags.find(({ name }) => name === "platform")?.value;
      for (const word of [from.image, ...(flag ? [flag] : [])]) {
        if (!word.raw.includes("$")) continue;
        for (const { name, start, end, modifier } of expandWord(word.raw, dockerfile.escape, () => undefined)
          .variables) {
          if (
            /[-+]$/.test(modifier) ||
            platformArguments.has(name) ||
            predefinedArguments.has(name) ||
            dockerfile.declares(name, from)
          )
            continue;
          const near = nearName(name, dockerfile.globalArguments);
          yield {
            message: `${name} is not declared before the first FROM`,
            at: inSource(dockerfile, { start: word.range.start + start, end: word.range.start + end }),
            ...assistedFix(near === undefined ? `Declare ARG ${name} above the first FROM` : `Did you mean ${near}?`),
          };
        }
      }
    }
  },
  examples: [
    { title: "declared nowhere", text: "FROM debian:«${V}»\n" },
    { title: "declared in a stage", text: "FROM a AS x\nARG V=1\nFROM b:«$V»\n" },
    {
      title: "declared above, provided, or with a default",
      text: "ARG V=1\nFROM --platform=$BUILDPLATFORM debian:$V\nFROM debian:${W:-12}\n",
    },
  ],
};
