import { hasOption, shippedInstructions } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { installs, packageName } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const hostKeysBaked: Rule<"dockerfile"> = {
  id: "host-keys-baked",
  subject: "dockerfile",
  aim: "security",
  severity: "high",
  summary: "SSH host keys are made at build time and shipped",
  why: `A host key made in the build is the same in every container, and known to everybody who can pull the image: who has it
can pose as the server, and read along. Debian's \`openssh-server\` makes them when it is installed. Delete them in the same RUN
(\`rm /etc/ssh/ssh_host_*\`) and let the entrypoint make new ones (\`ssh-keygen -A\`), or better, do without the server:
\`docker exec\` is there.`,
  check: whereSaid(/ssh/, function* ({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      if (run.script.named("rm").some(({ args }) => args.some(({ raw }) => raw.includes("ssh_host")))) continue;
      for (const call of installs(run, "apt"))
        for (const word of call.packages)
          if (packageName(word) === "openssh-server")
            yield {
              message: "installing this makes host keys, which every container then shares",
              at: inSource(dockerfile, word.range),
              ...assistedFix("Add rm /etc/ssh/ssh_host_* to this RUN, and make keys when the container starts"),
            };
      for (const command of run.script.named("ssh-keygen"))
        if (hasOption(command, "-A") || command.args.some(({ value }) => value?.includes("ssh_host_")))
          yield {
            message: "every container shares the host keys made here",
            at: inSource(dockerfile, command.range),
            ...assistedFix("Make them when the container starts"),
          };
    }
  }),
  examples: [
    {
      title: "by installing the server, and by hand",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y «openssh-server»\nRUN «ssh-keygen -A»\n",
    },
    {
      title: "deleted in the same RUN, or a user's own key",
      text: "FROM debian:12\nRUN apt-get install -y openssh-server && rm -f /etc/ssh/ssh_host_*\nRUN ssh-keygen -t ed25519 -f /x\n",
    },
    {
      title: "a build stage is not shipped",
      text: "FROM debian:12 AS a\nRUN ssh-keygen -A\nFROM debian:12\n",
    },
  ],
};
