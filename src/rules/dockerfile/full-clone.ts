import { addOption, type Dockerfile, instructionsOf, remembered, subcommandWord } from "../../syntax/index.ts";
import { inSource, likelyFix } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const fullClone: Rule<"dockerfile"> = {
  id: "full-clone",
  subject: "dockerfile",
  aim: "speed",
  severity: "info",
  summary: "git clone fetches all history of a repository",
  why: `A build needs one state of the sources, and their history can be a hundred times as large. \`git clone --depth 1
--branch v1.2\` fetches that alone; delete \`.git\` in the same RUN where the directory ships. \`ADD https://host/repo.git#v1.2\`
does without git in the image.`,
  check: whereSaid(/clone/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN"))
      for (const command of run.script.named("git")) {
        const verb = subcommandWord(command, taking);
        if (verb?.value !== "clone" || command.args.some(({ raw }) => partial.test(raw))) continue;
        if ((lastAsked(dockerfile).get(run.stage) ?? -1) >= run.index) continue;
        yield {
          message: "this fetches all history, of which a build needs one state",
          at: inSource(dockerfile, { start: command.nameWord.range.start, end: verb.range.end }),
          ...likelyFix("Fetch one state, if no step asks for older ones", [addOption(dockerfile, verb, "--depth 1")]),
        };
      }
  }),
  examples: [
    {
      title: "all of it",
      text: "FROM debian:12\nRUN «git clone» -b v1.2 https://example.com/a.git /a && make -C /a\n",
      fixed: "FROM debian:12\nRUN git clone --depth 1 -b v1.2 https://example.com/a.git /a && make -C /a\n",
    },
    {
      title: "one state, or history that is used",
      text: "FROM debian:12\nRUN git clone --depth=1 https://example.com/a.git && git clone --filter=blob:none https://example.com/b.git\nFROM debian:12\nRUN git clone https://example.com/c.git && cd c && git checkout 1234567\n",
    },
  ],
};

const taking: ReadonlySet<string> = new Set(["-c", "-C"]);
const partial = /^--(?:depth|shallow-|filter|mirror|bare|reference|revision)/;

/** By stage, the last RUN that asks git for more than the state that was cloned. */
const lastAsked = remembered((dockerfile: Dockerfile) => {
  const found = new Map<number, number>();
  for (const run of instructionsOf(dockerfile, "RUN"))
    if (asks.test(run.argumentsText)) found.set(run.stage, run.index);
  return found;
});
const asks =
  /\bgit\b[^&|;\n]{0,200}\b(?:checkout|reset|describe|log|rev-list|merge|rebase|cherry-pick|switch|fetch|tag|bisect|pull|submodule)\b|setuptools[_-]scm|versioneer/;
