import { instructionsOf, replaceRange } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const exposeProtocolCasing: Rule<"dockerfile"> = {
  id: "expose-protocol-casing",
  subject: "dockerfile",
  aim: "style",
  severity: "info",
  summary: "The protocol of an EXPOSE is not lower-case",
  why: `Docker stores \`80/TCP\` as \`80/tcp\`, and that is how every tool prints it. Written the same way it is found by a search.`,
  aliases: ["ExposeProtoCasing"],
  *check({ dockerfile }) {
    for (const expose of instructionsOf(dockerfile, "EXPOSE")) {
      for (const word of expose.words) {
        const slash = word.raw.lastIndexOf("/");
        const protocol = slash < 0 ? "" : word.raw.slice(slash + 1);
        const lower = protocol.toLowerCase();
        if (protocol === lower || !["tcp", "udp", "sctp"].includes(lower)) continue;
        const range = { start: word.range.end - protocol.length, end: word.range.end };
        yield {
          message: `write ${lower}`,
          at: inSource(dockerfile, range),
          ...safeFix("Use lower case", replaceRange(dockerfile, range, lower)),
        };
      }
    }
  },
  examples: [
    {
      title: "upper and mixed case",
      text: "FROM debian:12\nEXPOSE 80/«TCP» \\\n  53/«Udp»\n",
      fixed: "FROM debian:12\nEXPOSE 80/tcp \\\n  53/udp\n",
    },
    { title: "behind a variable", text: "FROM a\nEXPOSE ${P}/«TCP»\n", fixed: "FROM a\nEXPOSE ${P}/tcp\n" },
    { title: "lower case, none, a variable", text: "FROM a\nEXPOSE 80/tcp 81 82/$PROTO\n" },
  ],
};
