import { addOption, hasOption, mountKeepsOut, shippedInstructions } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { pipInstalls } from "../reading/pip.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const pipCacheKept: Rule<"dockerfile"> = {
  id: "pip-cache-kept",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",
  summary: "pip keeps what it downloads in the layer",
  why: `pip stores downloaded archives and built wheels below ~/.cache/pip so that a later install is quicker. No later install runs in the finished image, so
the cache is dead weight. \`--no-cache-dir\` does without it, and a cache mount keeps it outside the layer and still quick.`,
  aliases: ["DL3042"],
  check: whereSaid(/pip/, function* ({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      for (const { command, verb } of pipInstalls(run)) {
        if (
          hasOption(command, "--no-cache-dir") ||
          mountKeepsOut(run, "/root/.cache/pip") ||
          run.flags.some((flag) => /type=cache.*\bpip\b/.test(flag.value?.raw ?? ""))
        )
          continue;
        if (
          isSet(dockerfile.variable("PIP_NO_CACHE_DIR", run)) ||
          command.assignments.some((word) => /^PIP_NO_CACHE_DIR=(?!0|off|false|no$)/.test(word.raw))
        )
          continue;
        if (
          run.script
            .named("export")
            .some((other) => other.args.some((word) => word.raw.startsWith("PIP_NO_CACHE_DIR=")))
        )
          continue;
        if (
          run.script.commands.some(
            (other) =>
              (other.name === "rm" && other.args.some((word) => /\.cache(?:\/pip)?\/?\*?$/.test(word.raw))) ||
              (other.name.startsWith("pip") && other.args[0]?.raw === "cache"),
          )
        )
          continue;
        yield {
          message: "what pip downloads stays in the layer",
          at: inSource(dockerfile, { start: command.nameWord.range.start, end: verb.range.end }),
          bytes: { value: 10_000_000, basis: "estimated" },
          ...safeFix("Use --no-cache-dir", [addOption(dockerfile, verb, "--no-cache-dir")]),
        };
      }
    }
  }),
  examples: [
    {
      title: "cached",
      text: "FROM python:3.12\nRUN «pip install» -r requirements.txt\n",
      fixed: "FROM python:3.12\nRUN pip install --no-cache-dir -r requirements.txt\n",
    },
    {
      title: "as a module",
      text: "FROM python:3.12\nRUN «python3 -m pip install» flask\n",
      fixed: "FROM python:3.12\nRUN python3 -m pip install --no-cache-dir flask\n",
    },
    {
      title: "switched off",
      text: "FROM python:3.12\nRUN pip install --no-cache-dir flask\nENV PIP_NO_CACHE_DIR=1\nRUN pip3 install django\n",
    },
    {
      title: "a cache mount keeps it out",
      text: "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache/pip pip install flask\n",
    },
    { title: "other tools", text: "FROM python:3.12\nRUN pipx install black && pipenv install\n" },
  ],
};

function isSet(value: string | null | undefined): boolean {
  return typeof value === "string" && !/^(?:0|off|false|no|)$/i.test(value);
}
