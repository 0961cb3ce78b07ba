import { instructionsOf, type Word } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { urlOf } from "../reading/downloads.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const downloadMovingUrl: Rule<"dockerfile"> = {
  id: "download-moving-url",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",
  summary: "What is fetched is whatever is newest when the build runs",
  why: `An address with \`latest\`, \`master\` or \`main\` in it gives another file another day: a build cannot be repeated, and
the cache keeps an old one for as long as the line does not change. Name a version or a commit, and better its digest too.`,
  check: whereSaid(/\/(?:latest|master|main|HEAD|nightly)\b|-latest/, function* ({ dockerfile }) {
    const words: Word[] = [];
    for (const run of instructionsOf(dockerfile, "RUN"))
      for (const name of ["curl", "wget"])
        for (const command of run.script.named(name)) {
          const url = urlOf(command);
          if (url) words.push(url);
        }
    for (const add of instructionsOf(dockerfile, "ADD"))
      words.push(...add.sources.filter(({ value }) => value?.includes("://")));
    for (const word of words.toSorted((a, b) => a.range.start - b.range.start)) {
      const moving = /\/(latest|master|main|HEAD|nightly)(?:[/."']|$)|[-_](latest)[.-]/.exec(word.value ?? word.raw);
      const name = moving?.[1] ?? moving?.[2];
      if (name === undefined) continue;
      yield {
        message: `${name} is another file another day`,
        at: inSource(dockerfile, word.range),
        ...assistedFix("Name a version or a commit, and check its digest"),
      };
    }
  }),
  examples: [
    {
      title: "a branch, the newest release",
      text: "FROM debian:12\nADD «https://raw.githubusercontent.com/a/b/master/x.sh» /x.sh\nRUN curl -fsSL «https://github.com/a/b/releases/latest/download/b.tgz» -o b.tgz && wget «https://a.example/tool-latest.tar.gz»\n",
    },
    {
      title: "a version",
      text: "FROM debian:12\nRUN curl -fsSL https://github.com/a/main-b/releases/download/v1.2/b.tgz -o b.tgz && git checkout main\n",
    },
  ],
};
