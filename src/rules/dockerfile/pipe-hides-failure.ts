import { instructionsOf, type RunInstruction } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const pipeHidesFailure: Rule<"dockerfile"> = {
  id: "pipe-hides-failure",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",
  summary: "A download that fails in a pipe goes unnoticed",
  why: `A pipe ends with the status of its last command: when the download in front of it fails, what follows may be content
with half a file or none, and the layer is kept. With bash, or busybox's ash, \`set -o pipefail\` makes the pipe fail
(\`SHELL ["/bin/bash", "-o", "pipefail", "-c"]\`); with Debian's sh, download to a file first.`,
  aliases: ["DL4006", "DS-0032"],
  check: whereSaid(/curl|wget/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      if (fails(run) || shellFails(dockerfile.instructions, run.index)) continue;
      const { commands } = run.script;
      for (const [i, command] of commands.entries()) {
        const next = commands[i + 1];
        if ((command.name !== "curl" && command.name !== "wget") || next?.joinedBy !== "|") continue;
        yield {
          message: "when this fails the pipe does not, and the build goes on",
          at: inSource(dockerfile, command.range),
          ...assistedFix("Set pipefail where the shell has it, or download to a file first"),
        };
      }
    }
  }),
  examples: [
    { title: "into tar", text: "FROM debian:12\nRUN «curl -fsSL https://example.com/a.tgz» | tar xz -C /opt\n" },
    {
      title: "set for the RUN or the shell, or no pipe",
      text: 'FROM alpine:3.20\nRUN set -eo pipefail && wget -qO- https://example.com/a | tar xz\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl https://example.com/a | tar xz\nRUN curl https://example.com/a -o a || exit 1\n',
    },
  ],
};

function fails({ script, argumentsText }: RunInstruction): boolean {
  return script.broken || argumentsText.includes("pipefail");
}

function shellFails(instructions: readonly { keyword: string; argumentsText: string }[], before: number): boolean {
  return instructions.some(
    ({ keyword, argumentsText }, i) => i < before && keyword === "SHELL" && argumentsText.includes("pipefail"),
  );
}
