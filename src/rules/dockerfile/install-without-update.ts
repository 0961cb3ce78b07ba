import {
  hasOption,
  insertCommandBefore,
  instructionsOf,
  mountKeepsOut,
  type ShellCommand,
} from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { isLocalPackage, managerCalls, updatesIndex } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const installWithoutUpdate: Rule<"dockerfile"> = {
  id: "install-without-update",
  subject: "dockerfile",
  aim: "speed",
  severity: "medium",
  summary: "apt-get install without a fresh index in the same RUN",
  why: `Slim and full Debian images carry no package index, so the install works only on the lists an earlier RUN left behind. That RUN stays cached for months
while the archive moves on: one day the versions it names are gone and the build fails with 404. Fetch the index in the RUN that installs.`,
  check: whereSaid(/apt/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      if (run.stage < 0 || mountKeepsOut(run, "/var/lib/apt/lists") || mountKeepsOut(run, "/var/cache/apt")) continue;
      const calls = managerCalls(run).filter((call) => call.manager === "apt");
      const at = calls.findIndex(
        (call) => call.does === "install" && call.packages.length > 0 && !call.packages.every(isLocalPackage),
      );
      const install = calls[at];
      if (
        !install?.verb ||
        calls.slice(0, at).some(updatesIndex) ||
        run.script.commands.some((command) => command.name === "" || command.name.endsWith(".sh"))
      )
        continue;
      if (hasOption(install.command, "--update", "-U")) continue;
      yield {
        message: "this installs from an index that an older layer fetched, or that is not there",
        at: inSource(dockerfile, { start: install.command.nameWord.range.start, end: install.verb.range.end }),
        ...safeFix(
          "Fetch the index in the same RUN",
          insertCommandBefore(dockerfile, run, install.command, `${prefix(install.command)}apt-get update`),
        ),
      };
    }
  }),
  examples: [
    {
      title: "no update at all",
      text: "FROM debian:12\nRUN «apt-get install» -y curl\n",
      fixed: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
    },
    {
      title: "an update in another RUN does not count",
      text: "FROM debian:12\nRUN apt-get update\nRUN «apt-get install» -y curl\n",
      fixed: "FROM debian:12\nRUN apt-get update\nRUN apt-get update && apt-get install -y curl\n",
    },
    { title: "in the same RUN", text: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n" },
    { title: "a file that is already there", text: "FROM debian:12\nRUN apt-get install -y ./tool.deb\n" },
    {
      title: "lists in a cache mount",
      text: "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get install -y curl\n",
    },
  ],
};

function prefix(command: ShellCommand): string {
  return command.wrappers.some((wrapper) => wrapper.name === "sudo") ? "sudo " : "";
}
