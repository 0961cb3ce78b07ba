import { insertAt, instructionsOf } from "../../syntax/index.ts";
import { inSource, likelyFix } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const heredocNoErrexit: Rule<"dockerfile"> = {
  id: "heredoc-no-errexit",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",

  summary: "Only the last command of a heredoc RUN decides whether it failed",
  why: `The body of \`RUN <<EOF\` is a script: the shell goes on after a failed command, and the step succeeds when its last command does. \`set -e\` as the first line
stops at the first failure, as \`&&\` does on a line.`,

  check: whereSaid(/<</, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      const { script } = run;
      const [heredoc] = run.heredocs;
      if (!heredoc || !script.heredoc || script.errexit || (script.dialect !== "posix" && script.dialect !== "bash"))
        continue;
      const top = script.commands.filter((command) => command.depth === 0);
      if (top.filter((command) => command.joinedBy === ";" || command.joinedBy === "start").length < 2) continue;
      const [first] = top;
      const indent = first
        ? /[ \t]*$/.exec(dockerfile.source.text.slice(heredoc.body.start, first.range.start))?.[0]
        : "";
      const hasShebang = dockerfile.source.text.startsWith("#!", heredoc.body.start);
      const start = hasShebang ? dockerfile.source.text.indexOf("\n", heredoc.body.start) + 1 : heredoc.body.start;
      if (hasShebang && /^#!.*\s-\w*e/.test(dockerfile.source.text.slice(heredoc.body.start, start))) continue;
      yield {
        message: "a command that fails in here goes unnoticed unless it is the last",
        at: inSource(dockerfile, heredoc.operator),
        ...likelyFix("Begin with set -e, if no command is meant to fail", [
          insertAt(dockerfile, start, `${indent ?? ""}set -e${dockerfile.newline}`),
        ]),
      };
    }
  }),
  examples: [
    {
      title: "two commands",
      text: "FROM a\nRUN «<<EOF»\napt-get update\napt-get install -y curl\nEOF\n",
      fixed: "FROM a\nRUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nEOF\n",
    },
    { title: "it stops", text: "FROM a\nRUN <<EOF\nset -eux\na\nb\nEOF\n" },
    { title: "joined with &&", text: "FROM a\nRUN <<EOF\na &&\n  b\nEOF\n" },
    { title: "another interpreter", text: "FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nimport os\nprint(1)\nEOF\n" },
  ],
};
