import { replaceRange } from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { imageUses, tagRange } from "../reading/images.ts";
import type { Rule } from "../rule.ts";

export const baseUntagged: Rule<"dockerfile"> = {
  id: "base-untagged",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",

  summary: "An image is named without tag or digest",
  why: `Without a tag Docker takes \`latest\`, which is whatever the publisher pushed last: a build of next month stands on another image than today's, perhaps on another
major version. Name a version.`,
  aliases: ["DL3006", "DS-0001", "DKL-DI-0006"],
  *check({ dockerfile }, known) {
    for (const use of imageUses(dockerfile)) {
      const { tag, digest, official } = use.reference;
      if (use.kind !== "from" || tag !== undefined || digest !== undefined) continue;
      const facts = official === undefined ? undefined : known.tag(official, "latest");
      const range = tagRange(use);
      const pin = facts?.exact;
      yield {
        message: `${use.text} has no tag, so this is whatever was pushed last`,
        at: inSource(dockerfile, use.word.range),
        ...(pin !== undefined && range
          ? likelyFix(`Name what latest is as of ${facts?.asOf ?? ""}, if that version is wanted`, [
              replaceRange(dockerfile, range, `:${pin}`),
            ])
          : assistedFix("Name a version")),
      };
    }
  },
  examples: [
    { title: "an image nobody knows", text: "FROM «example.com/app»\n" },
    {
      title: "stages, scratch, tags, digests and variables",
      text: "ARG I\nFROM debian:12 AS build\nFROM build\nFROM scratch\nFROM $I\nFROM debian@sha256:0123456789012345678901234567890123456789012345678901234567890123\n",
    },
  ],
};
