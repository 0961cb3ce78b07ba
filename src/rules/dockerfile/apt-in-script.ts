import { instructionsOf, replaceRange, subcommandOf } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const aptInScript: Rule<"dockerfile"> = {
  id: "apt-in-script",
  subject: "dockerfile",
  aim: "style",
  severity: "low",
  summary: "apt is made for people, apt-get for scripts",
  why: `The output and options of \`apt\` may change from one release to the next, and it says so on every call. \`apt-get\` and \`apt-cache\` keep theirs
and do the same work.`,
  aliases: ["DL3027"],
  check: whereSaid(/apt/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      for (const command of run.script.named("apt")) {
        const verb = subcommandOf(command) ?? "";
        const tool = getVerbs.has(verb) ? "apt-get" : cacheVerbs.has(verb) ? "apt-cache" : undefined;
        yield {
          message: `apt has no stable interface for scripts${tool ? `: use ${tool}` : ""}`,
          at: inSource(dockerfile, command.nameWord.range),
          ...(tool && command.nameWord.raw === "apt"
            ? safeFix(`Use ${tool}`, [replaceRange(dockerfile, command.nameWord.range, tool)])
            : {}),
        };
      }
    }
  }),
  examples: [
    {
      title: "install",
      text: "FROM debian:12\nRUN «apt» update && «apt» install -y curl\n",
      fixed: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
    },
    {
      title: "search",
      text: "FROM debian:12\nRUN «apt» show curl\n",
      fixed: "FROM debian:12\nRUN apt-cache show curl\n",
    },
    {
      title: "the stable tools",
      text: "FROM debian:12\nRUN apt-get update && apt-cache policy curl && apt-mark hold curl\n",
    },
  ],
};

const getVerbs: ReadonlySet<string> = new Set([
  "install",
  "update",
  "upgrade",
  "remove",
  "purge",
  "autoremove",
  "clean",
  "autoclean",
  "download",
  "source",
  "build-dep",
  "changelog",
]);
const cacheVerbs: ReadonlySet<string> = new Set(["show", "search", "policy", "depends", "rdepends", "showsrc"]);
