import {
  addOption,
  findOption,
  hasOption,
  mountKeepsOut,
  replaceRange,
  shippedInstructions,
} from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { managerCalls } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const apkCacheKept: Rule<"dockerfile"> = {
  id: "apk-cache-kept",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",
  summary: "apk add without --no-cache leaves its index in the layer",
  why: `\`apk add\` downloads the package index and keeps it below /var/cache/apk. With \`--no-cache\` the index is used and not stored, and a
separate \`apk update\` or a deletion afterwards is not needed. A cache mount on /var/cache/apk does the same.`,
  aliases: ["DL3019", "DKL-DI-0004", "DS-0025"],
  check: whereSaid(/apk/, function* ({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      const calls = managerCalls(run).filter((call) => call.manager === "apk");
      if (calls.length === 0 || mountKeepsOut(run, "/var/cache/apk") || mountKeepsOut(run, "/etc/apk/cache")) continue;
      const cleans = run.script
        .named("rm")
        .some((rm) => rm.args.some((word) => (word.value ?? "").startsWith("/var/cache/apk")));
      if (cleans) continue;
      for (const { command, does, verb } of calls) {
        if (does !== "install" || !verb || hasOption(command, "--no-cache")) continue;
        const fetches = findOption(command, "-U", "--update", "--update-cache");
        const whole = fetches && /^(?:-U|--update|--update-cache)$/.test(fetches.raw) ? fetches : undefined;
        yield {
          message: "the package index this fetches stays in the layer",
          at: inSource(dockerfile, { start: command.nameWord.range.start, end: verb.range.end }),
          bytes: { value: 2_300_000, basis: "estimated" },
          ...safeFix("Use --no-cache", [
            whole ? replaceRange(dockerfile, whole.range, "--no-cache") : addOption(dockerfile, verb, "--no-cache"),
          ]),
        };
      }
    }
  }),
  examples: [
    {
      title: "without the option",
      text: "FROM alpine:3.20\nRUN «apk add» curl\n",
      fixed: "FROM alpine:3.20\nRUN apk add --no-cache curl\n",
    },
    {
      title: "--update gives way to it",
      text: "FROM alpine:3.20\nRUN «apk add» --update curl\n",
      fixed: "FROM alpine:3.20\nRUN apk add --no-cache curl\n",
    },
    { title: "with it", text: "FROM alpine:3.20\nRUN apk --no-cache add curl && apk add -q --no-cache git\n" },
    { title: "removed in the same RUN", text: "FROM alpine:3.20\nRUN apk add curl && rm -rf /var/cache/apk/*\n" },
    {
      title: "a cache mount keeps it out",
      text: "FROM alpine:3.20\nRUN --mount=type=cache,target=/var/cache/apk apk add curl\n",
    },
    {
      title: "a build stage is not shipped",
      text: "FROM alpine:3.20 AS build\nRUN apk add gcc\nFROM scratch\nCOPY --from=build /a /a\n",
    },
  ],
};
