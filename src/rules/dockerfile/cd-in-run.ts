import { instructionsOf, operandsOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const cdInRun: Rule<"dockerfile"> = {
  id: "cd-in-run",
  subject: "dockerfile",
  aim: "style",
  severity: "info",
  summary: "A build step changes directory by itself",
  why: `\`cd\` holds until the end of its own RUN, and a reader has to follow it through the script. \`WORKDIR\` says once where the steps
below work, makes the directory when it is not there, and is what the container starts in. Where only a part of the script is meant,
brackets keep it apart: \`( cd src && make )\`.`,
  aliases: ["DL3003", "DS-0013"],
  check: whereSaid(/\bcd\b/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN"))
      for (const command of run.script.named("cd")) {
        const [target] = operandsOf(command);
        const value = target?.value;
        if (!target || command.depth > 0 || value === "-") continue;
        yield {
          message: "WORKDIR says for all steps where they work",
          at: inSource(dockerfile, { start: command.nameWord.range.start, end: target.range.end }),
          ...assistedFix(`Put WORKDIR ${target.raw} above, if the steps below may work there too`),
        };
      }
  }),
  examples: [
    { title: "for the rest of the script", text: "FROM debian:12\nRUN «cd /src» && make\n" },
    { title: "in a heredoc", text: "FROM debian:12\nRUN <<EOF\nset -e\n«cd /src»\nmake\nEOF\n" },
    {
      title: "in brackets, back, or a word like it",
      text: "FROM debian:12\nRUN ( cd /src && make ) && abcd x\nRUN cd - && cd && echo cd /x\n",
    },
  ],
};
