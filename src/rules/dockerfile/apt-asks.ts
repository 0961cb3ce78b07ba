import { addOption, hasOption, instructionsOf } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { isAnswered } from "../reading/answers.ts";
import { managerCalls } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const aptAsks: Rule<"dockerfile"> = {
  id: "apt-asks",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",
  summary: "apt-get asks for confirmation, and a build has nobody to answer",
  why: `Without -y apt-get stops and asks before it changes anything. In a build there is no terminal, so the command aborts as soon as it has something
to ask; that it works today only means that nothing had to be asked.`,
  aliases: ["DL3014", "DS-0021"],
  check: whereSaid(/apt/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      for (const call of managerCalls(run)) {
        if (!(call.manager === "apt") || !call.verb || call.packages.length === 0) continue;
        if (
          (call.does !== "install" && call.does !== "remove" && call.does !== "upgrade") ||
          hasOption(call.command, "-y", "--yes", "--assume-yes", "-qq", "--force-yes")
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
      text: "FROM debian:12\nRUN «apt-get install» curl\n",
      fixed: "FROM debian:12\nRUN apt-get install -y curl\n",
    },
    { title: "answered", text: "FROM debian:12\nRUN apt-get -y install curl\n" },
    { title: "yes is piped in", text: "FROM debian:12\nRUN yes | apt-get install curl\n" },
  ],
};
