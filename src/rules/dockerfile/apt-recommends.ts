import { addOption, hasOption, shippedInstructions } from "../../syntax/index.ts";
import { inSource, likelyFix } from "../problem.ts";
import { installs, packageName } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const aptRecommends: Rule<"dockerfile"> = {
  id: "apt-recommends",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",
  summary: "apt-get install also installs recommended packages",
  why: `Debian packages recommend others that most desktops want and few containers need; they are installed unless \`--no-install-recommends\` is given. What
the program needs to run are dependencies, and those always come. Where curl, wget or git fetch over https, \`ca-certificates\` is such a recommended
package and is named explicitly by the fix.`,
  aliases: ["DL3015", "DS-0029"],
  check: whereSaid(/apt/, function* ({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      for (const call of installs(run, "apt")) {
        if (
          !call.verb ||
          call.verb.value !== "install" ||
          hasOption(call.command, "--no-install-recommends", "--no-recommends", "--without-recommends", "-R")
        )
          continue;
        if (
          call.packages.length === 0 ||
          call.command.args.some((word) => /Install-Recommends=(?:"?(?:false|0|no))/i.test(word.value ?? ""))
        )
          continue;
        if (dockerfile.source.text.includes("APT::Install-Recommends")) continue;
        const names = call.packages.map(packageName);
        const last = call.packages.at(-1);
        const certificates = last && names.some((name) => fetchers.has(name)) && !names.includes("ca-certificates");
        const edits = [
          addOption(dockerfile, call.verb, "--no-install-recommends"),
          ...(certificates ? [addOption(dockerfile, last, "ca-certificates")] : []),
        ];
        yield {
          message: "this also installs packages that are only recommended",
          at: inSource(dockerfile, { start: call.command.nameWord.range.start, end: call.verb.range.end }),
          ...likelyFix("Install dependencies only, if nothing here relies on a recommended package", edits),
        };
      }
    }
  }),
  examples: [
    {
      title: "recommended packages come along",
      text: "FROM debian:12\nRUN apt-get update && «apt-get install» -y nginx\n",
      fixed: "FROM debian:12\nRUN apt-get update && apt-get install --no-install-recommends -y nginx\n",
    },
    {
      title: "https needs certificates",
      text: "FROM debian:12\nRUN «apt-get install» -y curl jq\n",
      fixed: "FROM debian:12\nRUN apt-get install --no-install-recommends -y curl jq ca-certificates\n",
    },
    {
      title: "switched off",
      text: "FROM debian:12\nRUN apt-get install -y --no-install-recommends curl\nRUN apt-get -o APT::Install-Recommends=false install -y git\n",
    },
    {
      title: "a build stage is not shipped",
      text: "FROM debian:12 AS build\nRUN apt-get install -y gcc\nFROM scratch\nCOPY --from=build /a /a\n",
    },
  ],
};

const fetchers: ReadonlySet<string> = new Set(["curl", "wget", "git", "python3-requests"]);
