import { instructionsOf, shippedInstructions } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

const setting =
  /\b(?:PermitRootLogin[ \t=]{1,4}yes|PasswordAuthentication[ \t=]{1,4}yes|PermitEmptyPasswords[ \t=]{1,4}yes|StrictHostKeyChecking[ \t=]{1,4}(?:no|off)|UserKnownHostsFile[ \t=]{1,4}\/dev\/null|HostbasedAuthentication[ \t=]{1,4}yes)\b/gi;

export const sshSettingsWeak: Rule<"dockerfile"> = {
  id: "ssh-settings-weak",
  subject: "dockerfile",
  aim: "security",
  severity: "high",
  summary: "SSH is set to let root or passwords in, or not to check whom it talks to",
  why: `\`PermitRootLogin yes\` and \`PasswordAuthentication yes\` invite guessing until root's password is found. With
\`StrictHostKeyChecking no\` a client sends what it has to whoever answers, and takes what it gets. A container seldom needs
an SSH server (\`docker exec\` is there); a build step that clones over SSH can be given the host's key
(\`ssh-keyscan\` once, compared with the published one) and \`--mount=type=ssh\`.`,
  check: whereSaid(/Permit|PasswordAuth|StrictHost|UserKnown|HostbasedAuth/i, function* ({ dockerfile }) {
    for (const instruction of [...shippedInstructions(dockerfile, "RUN"), ...instructionsOf(dockerfile, "ENV")]) {
      const { start, end } = instruction.range;
      const text = dockerfile.source.text.slice(start, end);
      for (const match of text.matchAll(setting)) {
        const range = { start: start + match.index, end: start + match.index + match[0].length };
        if (dockerfile.comments.some((one) => one.range.start < range.start && range.end <= one.range.end)) continue;
        const client = /^(?:Strict|UserKnown)/i.test(match[0]);
        yield {
          message: client ? "whoever answers is taken for the host" : "this lets in whoever guesses a password",
          at: inSource(dockerfile, range),
          ...(client ? { severity: "medium" } : {}),
          ...assistedFix(
            client
              ? "Put the host's key in known_hosts, and keep the check"
              : "Leave the server out, or let keys in only",
          ),
        };
      }
    }
  }),
  examples: [
    {
      title: "a server and a client",
      text: "FROM debian:12\nRUN sed -i 's/#PermitRootLogin.*/«PermitRootLogin yes»/; s/x/«PasswordAuthentication yes»/' /etc/ssh/sshd_config && \\\n    echo \"«StrictHostKeyChecking no»\" >> /etc/ssh_config\nRUN ssh -o «StrictHostKeyChecking=no» host\n",
    },
    {
      title: "strong settings, other words, a comment, a build stage",
      text: "FROM debian:12 AS build\nRUN ssh -o StrictHostKeyChecking=no host\nFROM debian:12\nRUN echo 'PermitRootLogin no' >> /etc/ssh/sshd_config && \\\n    # StrictHostKeyChecking no\n    echo 'StrictHostKeyChecking accept-new' > /etc/ssh_config\n",
    },
  ],
};
