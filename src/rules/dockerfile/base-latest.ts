import { replaceRange } from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { imageUses, tagRange } from "../reading/images.ts";
import type { Rule } from "../rule.ts";

export const baseLatest: Rule<"dockerfile"> = {
  id: "base-latest",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",

  summary: "The tag latest names another image every few weeks",
  why: `\`latest\` is a name like any other that moves with every release, across major versions too. Name the version that was tested; a build then changes when you
change it.`,
  aliases: ["DL3007", "DS-0001", "DKL-DI-0006"],
  *check({ dockerfile }, known) {
    for (const use of imageUses(dockerfile)) {
      const { tag, digest, official } = use.reference;
      if (use.kind !== "from" || tag !== "latest" || digest !== undefined) continue;
      const facts = official === undefined ? undefined : known.tag(official, "latest");
      const range = tagRange(use);
      const at = range && range.end > range.start ? range : use.word.range;
      yield {
        message: "latest is whatever was pushed last",
        at: inSource(dockerfile, at),
        ...(facts?.exact !== undefined && range
          ? likelyFix(`Name what latest is as of ${facts.asOf}, if that version is wanted`, [
              replaceRange(dockerfile, range, facts.exact),
            ])
          : assistedFix("Name a version")),
      };
    }
  },
  examples: [
    { title: "of an image nobody knows", text: "FROM example.com/app:«latest»\n" },
    {
      title: "a version, or a digest beside it",
      text: "FROM debian:12\nFROM debian:latest@sha256:0123456789012345678901234567890123456789012345678901234567890123\n",
    },
  ],
};
