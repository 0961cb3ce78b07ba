import { instructionsOf, replaceRange } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const maintainerDeprecated: Rule<"dockerfile"> = {
  id: "maintainer-deprecated",
  subject: "dockerfile",
  aim: "style",
  severity: "low",

  summary: "MAINTAINER is deprecated",
  why: `\`MAINTAINER\` has been deprecated since 2017. The label \`org.opencontainers.image.authors\` of the OCI image specification says the same and every tool can
read it.`,
  aliases: ["DL4000", "MaintainerDeprecated", "DS-0022"],
  *check({ dockerfile }) {
    for (const maintainer of instructionsOf(dockerfile, "MAINTAINER")) {
      const value = maintainer.argumentsText;
      const inner = /^"([^"]*)"$/.exec(value)?.[1] ?? value;
      const label = /["\\`$]/.test(inner) ? undefined : `LABEL org.opencontainers.image.authors="${inner}"`;
      yield {
        message: "MAINTAINER is deprecated",
        at: inSource(dockerfile, maintainer.keywordRange),
        ...safeFix(
          "Use the authors label",
          label === undefined || value === "" ? undefined : [replaceRange(dockerfile, maintainer.lineRange, label)],
        ),
      };
    }
  },
  examples: [
    {
      title: "a name",
      text: "FROM a\n«MAINTAINER» Ann <ann@example.com>\n",
      fixed: 'FROM a\nLABEL org.opencontainers.image.authors="Ann <ann@example.com>"\n',
    },
    {
      title: "quoted",
      text: 'FROM a\n«MAINTAINER» "Ann"\n',
      fixed: 'FROM a\nLABEL org.opencontainers.image.authors="Ann"\n',
    },
    { title: "the label", text: 'FROM a\nLABEL org.opencontainers.image.authors="Ann"\n' },
  ],
};
