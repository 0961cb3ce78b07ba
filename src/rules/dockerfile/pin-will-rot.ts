import { instructionsOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { installs, usesSnapshot } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const pinWillRot: Rule<"dockerfile"> = {
  id: "pin-will-rot",
  subject: "dockerfile",
  aim: "correctness",
  severity: "info",
  summary: "An exact package version is asked for that the archive will drop",
  why: `Debian and Ubuntu keep the newest version of a package only: with the next security update the one that is pinned is
gone, and the build fails, on a day nobody has chosen. Pin the upstream version alone (\`curl=7.88.*\`), pin the base by digest
and let its age decide, or install from a snapshot (snapshot.debian.org).`,
  check: whereSaid(/=\d/, function* ({ dockerfile }) {
    if (usesSnapshot(dockerfile)) return;
    for (const run of instructionsOf(dockerfile, "RUN"))
      for (const call of installs(run, "apt"))
        for (const word of call.packages) {
          const version = /^[a-z0-9][a-z0-9+.-]+(?::\w+)?=(\d[^*$]*)$/.exec(word.value ?? "")?.[1];
          if (version === undefined || !/-\d/.test(version)) continue;
          yield {
            message: "the archive drops this version when it has a newer one, and then the build fails",
            at: inSource(dockerfile, word.range),
            ...assistedFix("Pin the upstream version alone, with =1.2.*, or install from a snapshot"),
          };
        }
  }),
  examples: [
    {
      title: "to the package's own revision",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y «curl=7.88.1-10+deb12u8» git\n",
    },
    {
      title: "a pattern, or a snapshot",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y curl=7.88.* git=1:2.39.*\n",
    },
  ],
};
