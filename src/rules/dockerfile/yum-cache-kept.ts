import { appendCommand, mountKeepsOut, shippedInstructions } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { managerCalls } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const yumCacheKept: Rule<"dockerfile"> = {
  id: "yum-cache-kept",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",
  summary: "yum keeps packages and metadata in the layer unless they are cleaned in the same RUN",
  why: `yum stores repository metadata and often the packages themselves below /var/cache/yum. Cleaning in a later RUN only hides them: the layer that
brought them still carries the bytes. Clean in the same RUN, or put a cache mount there.`,
  aliases: ["DL3032", "DS-0015"],
  check: whereSaid(/yum/, function* ({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      const calls = managerCalls(run).filter((call) => call.manager === "yum");
      const last = calls.findLast((call) => call.does === "install" || call.does === "upgrade");
      if (
        !last?.verb ||
        mountKeepsOut(run, "/var/cache/yum") ||
        calls.slice(calls.indexOf(last)).some((call) => call.does === "clean")
      )
        continue;
      if (run.script.named("rm").some((rm) => rm.args.some((word) => (word.value ?? "").startsWith("/var/cache/yum"))))
        continue;
      const { name } = last.command;
      yield {
        message: `what ${name} caches stays in the layer`,
        at: inSource(dockerfile, { start: last.command.nameWord.range.start, end: last.verb.range.end }),
        bytes: { value: 40_000_000, basis: "estimated" },
        ...safeFix("Clean in the same RUN", appendCommand(dockerfile, run, `${name} clean all`)),
      };
    }
  }),
  examples: [
    {
      title: "not cleaned",
      text: "FROM centos:7\nRUN «yum install» -y curl\n",
      fixed: "FROM centos:7\nRUN yum install -y curl && yum clean all\n",
    },
    { title: "cleaned in the same RUN", text: "FROM centos:7\nRUN yum install -y curl && yum clean all\n" },
    {
      title: "a cache mount keeps it out",
      text: "FROM centos:7\nRUN --mount=type=cache,target=/var/cache/yum yum install -y curl\n",
    },
    {
      title: "a build stage is not shipped",
      text: "FROM centos:7 AS build\nRUN yum install -y gcc\nFROM scratch\nCOPY --from=build /a /a\n",
    },
  ],
};
