import { assistedFix, inSource } from "../problem.ts";
import { imageUses, mayBeNamedContext } from "../reading/images.ts";
import type { Rule } from "../rule.ts";

export const notDigestPinned: Rule<"dockerfile"> = {
  id: "not-digest-pinned",
  subject: "dockerfile",
  aim: "security",
  severity: "info",
  optIn: true,
  summary: "The image is not pinned by digest",
  why: `A tag can be pushed again at any time; a digest names one content for ever. With \`tag@sha256:…\` the tag still says what it is, and a bot keeps both current.
Sites that verify what they run want this everywhere; it is off unless turned on.`,

  *check({ dockerfile }) {
    for (const use of imageUses(dockerfile)) {
      if (use.reference.digest !== undefined || mayBeNamedContext(use)) continue;
      yield {
        message: `${use.text} may be another image tomorrow`,
        at: inSource(dockerfile, use.range ?? use.word.range),
        ...assistedFix("Append the digest of the index: tag@sha256:…"),
      };
    }
  },
  examples: [
    { title: "a tag alone", text: "FROM «debian:12»\n" },
    {
      title: "with a digest",
      text: "FROM debian:12@sha256:0123456789012345678901234567890123456789012345678901234567890123\n",
    },
  ],
};
