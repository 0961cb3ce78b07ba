import { replaceRange } from "../../syntax/index.ts";
import { inSource, likelyFix } from "../problem.ts";
import { imageUses, tagRange } from "../reading/images.ts";
import type { Rule } from "../rule.ts";

export const tagFloats: Rule<"dockerfile"> = {
  id: "tag-floats",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",

  summary: "The tag moves: tomorrow's build may stand on another image",
  why: `A short tag such as \`3.12-slim\` is given to a new image with every patch, and with every new distribution release. The most exact tag of the very same image
says what was tested, and a bot can raise it. As of the table's date both names are one image, so nothing changes today.`,

  *check({ dockerfile }, known) {
    for (const use of imageUses(dockerfile)) {
      const { official, tag, digest } = use.reference;
      if (official === undefined || tag === undefined || tag === "latest" || digest !== undefined) continue;
      const facts = known.tag(official, tag);
      const range = tagRange(use);
      if (!facts?.live || facts.exact === undefined) continue;
      yield {
        message: `${tag} is ${facts.exact} today and will be another image later`,
        at: inSource(dockerfile, range ?? use.word.range),
        ...(range
          ? likelyFix(`Name it exactly, if ${facts.exact} (of ${facts.asOf}) is what you want to build on`, [
              replaceRange(dockerfile, range, facts.exact),
            ])
          : {}),
      };
    }
  },
  examples: [
    {
      title: "the same image by its exact name",
      text: "FROM python:«3.13-slim»\n",
      fixed: "FROM python:3.13.15-slim-trixie\n",
    },
    {
      title: "a digest, an exact tag, another registry",
      text: "FROM python:3.12-slim@sha256:0123456789012345678901234567890123456789012345678901234567890123\nFROM example.com/python:3\n",
    },
  ],
};
