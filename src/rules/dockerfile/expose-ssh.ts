import { removeInstruction, removeWord, shippedInstructions } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const exposeSsh: Rule<"dockerfile"> = {
  id: "expose-ssh",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",

  summary: "Port 22 is exposed",
  why: `A container that runs an SSH server is treated like a machine: it needs keys, users and updates of its own, and gives whoever gets in a shell. \`docker exec\`
or its like does that work from outside. \`EXPOSE\` only documents a port, so dropping it changes nothing that runs.`,
  aliases: ["DS-0004"],
  *check({ dockerfile }) {
    for (const expose of shippedInstructions(dockerfile, "EXPOSE")) {
      for (const word of expose.words) {
        if (!/^22(?:\/tcp)?$/i.test(word.value ?? "")) continue;
        const edit =
          expose.words.length === 1 ? removeInstruction(dockerfile, expose) : removeWord(dockerfile, word.range);
        yield {
          message: "port 22 invites an SSH server into the container",
          at: inSource(dockerfile, word.range),
          ...safeFix("Do not expose it: EXPOSE is documentation only", [edit]),
        };
      }
    }
  },
  examples: [
    { title: "among others", text: "FROM a\nEXPOSE 8080 «22»\n", fixed: "FROM a\nEXPOSE 8080\n" },
    { title: "first", text: "FROM a\nEXPOSE «22» 80 8080\n", fixed: "FROM a\nEXPOSE 80 8080\n" },
    { title: "alone", text: 'FROM a\nEXPOSE «22/tcp»\nCMD ["x"]\n', fixed: 'FROM a\nCMD ["x"]\n' },
    { title: "other ports", text: "FROM a\nEXPOSE 2222 8022\n" },
  ],
};
