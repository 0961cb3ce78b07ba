import { replaceRange } from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { imageUses, mayBeNamedContext, tagRange } from "../reading/images.ts";
import type { Rule } from "../rule.ts";

export const copyFromUntagged: Rule<"dockerfile"> = {
  id: "copy-from-untagged",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",

  summary: "Files are copied from an image without a version",
  why: `\`COPY --from=image\` and \`RUN --mount=from=image\` take files out of another image. Without a tag that is whatever was pushed last, and the copied program changes
under you.`,
  aliases: ["DL3022"],
  *check({ dockerfile }, known) {
    for (const use of imageUses(dockerfile)) {
      const { tag, digest, official } = use.reference;
      if (use.kind === "from" || digest !== undefined || (tag !== undefined && tag !== "latest")) continue;
      if (mayBeNamedContext(use) && (official === undefined || known.repository(official) === undefined)) continue;
      const facts = official === undefined ? undefined : known.tag(official, "latest");
      const range = tagRange(use);
      yield {
        message: `${use.text} is whatever was pushed last`,
        at: inSource(dockerfile, use.range ?? use.word.range),
        // hadolint takes any tag for one, `latest` too.
        ...(tag === undefined ? {} : { aliases: [] }),
        ...(facts?.exact !== undefined && range
          ? likelyFix(`Name what latest is as of ${facts.asOf}, if that version is wanted`, [
              replaceRange(dockerfile, range, tag === undefined ? `:${facts.exact}` : facts.exact),
            ])
          : assistedFix("Name a version")),
      };
    }
  },
  examples: [
    { title: "a program out of an image", text: "FROM debian:12\nCOPY --from=«example.com/tool» /tool /tool\n" },
    {
      title: "in a mount",
      text: "FROM debian:12\nRUN --mount=type=bind,from=«example.com/tool:latest»,target=/t /t/x\n",
    },
    {
      title: "a stage, an index, a context, a version",
      text: "FROM debian:12 AS b\nFROM debian:12\nCOPY --from=b /a /a\nCOPY --from=0 /a /a\nCOPY --from=assets /a /a\nCOPY --from=example.com/tool:1.2 /a /a\n",
    },
  ],
};
