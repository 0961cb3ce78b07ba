import { addOption, hasOption, instructionsOf } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { isAnswered } from "../reading/answers.ts";
import { managerCalls } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const dnfAsks: Rule<"dockerfile"> = {
  id: "dnf-asks",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",
  summary: "dnf asks for confirmation, and a build has nobody to answer",
  why: `Without -y dnf stops and asks before it changes anything. In a build there is no terminal, so the command aborts as soon as it has something
to ask; that it works today only means that nothing had to be asked.`,
  aliases: ["DL3038"],
  check: whereSaid(/dnf/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      for (const call of managerCalls(run)) {
        if (
          !(call.manager === "dnf" || call.manager === "microdnf" || call.manager === "tdnf") ||
          !call.verb ||
          call.packages.length === 0
        )
          continue;
        if (
          (call.does !== "install" && call.does !== "remove" && call.does !== "upgrade") ||
          hasOption(call.command, "-y", "--assumeyes")
        )
          continue;
        if (isAnswered(call.command, run)) continue;
        yield {
          message: "this asks for confirmation, which a build cannot give",
          at: inSource(dockerfile, { start: call.command.nameWord.range.start, end: call.verb.range.end }),
          ...safeFix("Answer with -y", [addOption(dockerfile, call.verb, "-y")]),
        };
      }
    }
  }),
  examples: [
    {
      title: "nothing answers",
      text: "FROM fedora:40\nRUN «dnf install» curl\n",
      fixed: "FROM fedora:40\nRUN dnf install -y curl\n",
    },
    { title: "answered", text: "FROM fedora:40\nRUN dnf -y install curl\n" },
    { title: "yes is piped in", text: "FROM fedora:40\nRUN yes | dnf install curl\n" },
  ],
};
