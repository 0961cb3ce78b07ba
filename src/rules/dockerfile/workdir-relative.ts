import { instructionsOf, normalizePath, replaceRange, workdirAt } from "../../syntax/index.ts";
import { inSource, likelyFix, safeFix } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import type { Rule } from "../rule.ts";

export const workdirRelative: Rule<"dockerfile"> = {
  id: "workdir-relative",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",

  summary: "A relative WORKDIR depends on what stands before it",
  why: `A relative \`WORKDIR\` is taken from the one before, or from whatever the base image has set; when the base changes its own, files land elsewhere. An absolute
path says where.`,
  aliases: ["DL3000", "WorkdirRelativePath", "DS-0009"],
  *check({ dockerfile }, known) {
    for (const workdir of instructionsOf(dockerfile, "WORKDIR")) {
      const [word] = workdir.words;
      const value = word?.value;
      if (!word || value === undefined || value === "" || /^(?:\/|[A-Za-z]:|\\\\|\$)/.test(value)) continue;
      const before = workdirAt(dockerfile, workdir);
      const stage = dockerfile.stages[workdir.stage];
      const base = before === undefined && stage ? baseOf(dockerfile, stage, known).workdir : undefined;
      const plain = /^[\w./-]+$/.test(word.raw);
      const from = before ?? base;
      const edits =
        plain && from !== undefined
          ? [replaceRange(dockerfile, word.range, normalizePath(`${from}/${value}`))]
          : undefined;
      yield {
        message:
          before === undefined
            ? "this depends on the directory the base image has set"
            : "this depends on the WORKDIR before",
        at: inSource(dockerfile, word.range),
        ...(before === undefined ? {} : { severity: "info" as const, aliases: ["DL3000"] }),
        ...(before === undefined
          ? likelyFix("Use an absolute path, if the base's directory is /", edits)
          : safeFix("Use an absolute path", edits)),
      };
    }
  },
  examples: [
    {
      title: "after an absolute one",
      text: "FROM debian:12\nWORKDIR /app\nWORKDIR «src»\n",
      fixed: "FROM debian:12\nWORKDIR /app\nWORKDIR /app/src\n",
    },
    {
      title: "on a base that stands at /",
      text: "FROM debian:12\nWORKDIR «app»\n",
      fixed: "FROM debian:12\nWORKDIR /app\n",
    },
    { title: "on a base nobody knows", text: "FROM example.com/x:1\nWORKDIR «app»\n" },
    { title: "absolute, on Windows too", text: "FROM a\nWORKDIR /app\nWORKDIR C:\\app\nWORKDIR $HOME/x\n" },
  ],
};
