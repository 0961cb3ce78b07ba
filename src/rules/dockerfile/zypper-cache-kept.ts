import { appendCommand, mountKeepsOut, shippedInstructions } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { managerCalls } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const zypperCacheKept: Rule<"dockerfile"> = {
  id: "zypper-cache-kept",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",
  summary: "zypper keeps packages and metadata in the layer unless they are cleaned in the same RUN",
  why: `zypper stores repository metadata and often the packages themselves below /var/cache/zypp. Cleaning in a later RUN only hides them: the layer that
brought them still carries the bytes. Clean in the same RUN, or put a cache mount there.`,
  aliases: ["DL3036", "DS-0020"],
  check: whereSaid(/zypper/, function* ({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      const calls = managerCalls(run).filter((call) => call.manager === "zypper");
      const last = calls.findLast((call) => call.does === "install" || call.does === "upgrade");
      if (
        !last?.verb ||
        mountKeepsOut(run, "/var/cache/zypp") ||
        calls.slice(calls.indexOf(last)).some((call) => call.does === "clean")
      )
        continue;
      if (run.script.named("rm").some((rm) => rm.args.some((word) => (word.value ?? "").startsWith("/var/cache/zypp"))))
        continue;
      const { name } = last.command;
      yield {
        message: `what ${name} caches stays in the layer`,
        at: inSource(dockerfile, { start: last.command.nameWord.range.start, end: last.verb.range.end }),
        bytes: { value: 30_000_000, basis: "estimated" },
        ...safeFix("Clean in the same RUN", appendCommand(dockerfile, run, "zypper clean --all")),
      };
    }
  }),
  examples: [
    {
      title: "not cleaned",
      text: "FROM opensuse/leap:15.6\nRUN «zypper install» -y curl\n",
      fixed: "FROM opensuse/leap:15.6\nRUN zypper install -y curl && zypper clean --all\n",
    },
    {
      title: "cleaned in the same RUN",
      text: "FROM opensuse/leap:15.6\nRUN zypper install -y curl && zypper clean --all\n",
    },
    {
      title: "a cache mount keeps it out",
      text: "FROM opensuse/leap:15.6\nRUN --mount=type=cache,target=/var/cache/zypp zypper install -y curl\n",
    },
    {
      title: "a build stage is not shipped",
      text: "FROM opensuse/leap:15.6 AS build\nRUN zypper install -y gcc\nFROM scratch\nCOPY --from=build /a /a\n",
    },
  ],
};
