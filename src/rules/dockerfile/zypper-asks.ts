import { addOption, hasOption, instructionsOf } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { isAnswered } from "../reading/answers.ts";
import { managerCalls } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const zypperAsks: Rule<"dockerfile"> = {
  id: "zypper-asks",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",
  summary: "zypper asks for confirmation, and a build has nobody to answer",
  why: `Without --non-interactive zypper stops and asks before it changes anything. In a build there is no terminal, so the command aborts as soon as it has something
to ask; that it works today only means that nothing had to be asked.`,
  aliases: ["DL3034"],
  check: whereSaid(/zypper/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      for (const call of managerCalls(run)) {
        if (!(call.manager === "zypper") || !call.verb || call.packages.length === 0) continue;
        if (
          call.does === "other" ||
          call.does === "update" ||
          call.does === "clean" ||
          hasOption(call.command, "-n", "--non-interactive", "-y", "--no-confirm")
        )
          continue;
        if (isAnswered(call.command, run)) continue;
        yield {
          message: "this asks for confirmation, which a build cannot give",
          at: inSource(dockerfile, { start: call.command.nameWord.range.start, end: call.verb.range.end }),
          ...safeFix("Answer with --non-interactive", [
            addOption(dockerfile, call.command.nameWord, "--non-interactive"),
          ]),
        };
      }
    }
  }),
  examples: [
    {
      title: "nothing answers",
      text: "FROM opensuse/leap:15.6\nRUN «zypper install» curl\n",
      fixed: "FROM opensuse/leap:15.6\nRUN zypper --non-interactive install curl\n",
    },
    { title: "answered", text: "FROM opensuse/leap:15.6\nRUN zypper --non-interactive install curl\n" },
    { title: "yes is piped in", text: "FROM opensuse/leap:15.6\nRUN yes | zypper install curl\n" },
  ],
};
