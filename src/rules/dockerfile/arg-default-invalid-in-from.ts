import { parseReference } from "../../bases/index.ts";
import { expandWord, instructionsOf, platformArguments, predefinedArguments } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const argDefaultInvalidInFrom: Rule<"dockerfile"> = {
  id: "arg-default-invalid-in-from",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",

  summary: "With only the defaults, FROM names no valid image",
  why: `An \`ARG\` without default is empty unless the build is given a value, and \`FROM\` then has no image, or half a name. Give it a default that works, so that a
plain \`docker build .\` does.`,
  aliases: ["InvalidDefaultArgInFrom"],
  *check({ dockerfile }) {
    for (const from of instructionsOf(dockerfile, "FROM")) {
      const { image } = from;
      if (!image.raw.includes("$")) continue;
      const { variables, value, error } = expandWord(image.raw, dockerfile.escape, (name) => {
        if (platformArguments.has(name) || predefinedArguments.has(name)) return undefined;
        const known = dockerfile.variable(name, from);
        return known === undefined && dockerfile.globalArguments.includes(name) ? null : known;
      });
      if (
        !variables.every(({ name }) => dockerfile.declares(name, from) || platformArguments.has(name)) ||
        error !== undefined
      )
        continue;
      if (
        value === undefined ||
        value === "scratch" ||
        parseReference(value.toLowerCase()) ||
        dockerfile.stages.some((stage) => stage.name?.raw.toLowerCase() === value.toLowerCase())
      )
        continue;
      yield {
        message:
          value === ""
            ? "this is empty unless the build is given a value"
            : `with the defaults this is ${value}, which names no image`,
        at: inSource(dockerfile, image.range),
        ...assistedFix("Give the ARG a default, or write ${NAME:-default}"),
      };
    }
  },
  examples: [
    { title: "empty", text: "ARG BASE\nFROM «$BASE»\n" },
    { title: "half a name", text: "ARG TAG\nFROM «busybox:${TAG}»\n" },
    { title: "a default", text: "ARG TAG=1\nARG V\nFROM busybox:$TAG\nFROM busybox:${V:-2}\n" },
  ],
};
