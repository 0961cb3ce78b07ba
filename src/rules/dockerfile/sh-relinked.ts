import { instructionsOf, operandsOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const shRelinked: Rule<"dockerfile"> = {
  id: "sh-relinked",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",
  summary: "/bin/sh is replaced by another shell",
  why: `Scripts of the base's packages are written for its \`sh\` and are tested with that; an upgrade of the package that owns
it may put the old one back. \`SHELL ["/bin/bash", "-o", "pipefail", "-c"]\` says which shell RUN uses, and changes nothing else.`,
  aliases: ["DL4005"],
  check: whereSaid(/bin\/sh\b/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN"))
      for (const name of ["ln", "mv", "cp"])
        for (const command of run.script.named(name)) {
          const words = operandsOf(command).map(({ value }) => value);
          if (words.length !== 2 || !/^(?:\/usr)?\/bin\/sh$/.test(words[1] ?? "") || words[0] === undefined) continue;
          yield {
            message: "this changes the shell of every script in the image",
            at: inSource(dockerfile, command.range),
            ...assistedFix(
              `Leave it, and write SHELL ["${words[0].includes("bash") ? "/bin/bash" : words[0]}", "-c"] above the RUNs`,
            ),
          };
        }
  }),
  examples: [
    {
      title: "by a link",
      text: "FROM debian:12\nRUN «ln -sf /bin/bash /bin/sh»\nRUN rm /bin/sh && «ln -s /bin/bash /bin/sh»\n",
    },
    {
      title: "other links, and the right way",
      text: 'FROM debian:12\nSHELL ["/bin/bash", "-c"]\nRUN ln -s /bin/sh /bin/x\n',
    },
  ],
};
