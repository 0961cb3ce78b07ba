import { appendCommand, mountKeepsOut, shippedInstructions } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { managerCalls } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const dnfCacheKept: Rule<"dockerfile"> = {
  id: "dnf-cache-kept",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",
  summary: "dnf keeps packages and metadata in the layer unless they are cleaned in the same RUN",
  why: `dnf stores repository metadata and often the packages themselves below /var/cache/dnf. Cleaning in a later RUN only hides them: the layer that
brought them still carries the bytes. Clean in the same RUN, or put a cache mount there.`,
  aliases: ["DL3040", "DS-0019", "DS-0027"],
  check: whereSaid(/dnf/, function* ({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      const calls = managerCalls(run).filter(
        (call) => call.manager === "dnf" || call.manager === "microdnf" || call.manager === "tdnf",
      );
      const last = calls.findLast((call) => call.does === "install" || call.does === "upgrade");
      if (
        !last?.verb ||
        mountKeepsOut(run, "/var/cache/dnf") ||
        calls.slice(calls.indexOf(last)).some((call) => call.does === "clean")
      )
        continue;
      if (run.script.named("rm").some((rm) => rm.args.some((word) => (word.value ?? "").startsWith("/var/cache/dnf"))))
        continue;
      const { name } = last.command;
      yield {
        message: `what ${name} caches stays in the layer`,
        at: inSource(dockerfile, { start: last.command.nameWord.range.start, end: last.verb.range.end }),
        bytes: { value: 60_000_000, basis: "estimated" },
        ...safeFix("Clean in the same RUN", appendCommand(dockerfile, run, `${name} clean all`)),
      };
    }
  }),
  examples: [
    {
      title: "not cleaned",
      text: "FROM fedora:40\nRUN «dnf install» -y curl\n",
      fixed: "FROM fedora:40\nRUN dnf install -y curl && dnf clean all\n",
    },
    { title: "cleaned in the same RUN", text: "FROM fedora:40\nRUN dnf install -y curl && dnf clean all\n" },
    {
      title: "a cache mount keeps it out",
      text: "FROM fedora:40\nRUN --mount=type=cache,target=/var/cache/dnf dnf install -y curl\n",
    },
    {
      title: "a build stage is not shipped",
      text: "FROM fedora:40 AS build\nRUN dnf install -y gcc\nFROM scratch\nCOPY --from=build /a /a\n",
    },
  ],
};
