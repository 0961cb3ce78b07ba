import {
  appendCommand,
  chainOf,
  type Dockerfile,
  instructionsOf,
  mountKeepsOut,
  type RunInstruction,
  shippedInstructions,
} from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { managerCalls } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

const lists = "/var/lib/apt/lists";

export const aptListsKept: Rule<"dockerfile"> = {
  id: "apt-lists-kept",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",
  summary: "Package lists fetched by apt-get update stay in the layer",
  why: `A layer keeps every file that exists when its RUN ends. Nothing reads the lists at run time, and deleting them in a
later RUN hides them and saves nothing. Remove them in the RUN that fetched them, or keep them out with a cache mount.`,
  aliases: ["DL3009", "DKL-DI-0005"],
  check: whereSaid(/apt/, function* ({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      const update = managerCalls(run).find((call) => call.manager === "apt" && call.does === "update")?.command;
      if (!update || mountKeepsOut(run, lists) || removesLists(run)) continue;
      yield {
        message: "the package lists this fetches stay in the layer",
        at: inSource(dockerfile, update.range),
        bytes: { value: 18_000_000, basis: "estimated" },
        ...(neededLater(dockerfile, run)
          ? {}
          : safeFix("Remove the lists in the same RUN", appendCommand(dockerfile, run, `rm -rf ${lists}/*`))),
      };
    }
  }),
  examples: [
    {
      title: "lists left behind",
      text: "FROM debian:12\nRUN «apt-get update» && apt-get install -y curl\n",
      fixed: "FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "the style of the RUN is kept",
      text: "FROM debian:12\nRUN «apt-get update» \\\n  && apt-get install -y curl\n",
      fixed:
        "FROM debian:12\nRUN apt-get update \\\n  && apt-get install -y curl \\\n  && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "a cache mount keeps them out",
      text: "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get update\n",
    },
    {
      title: "a build stage is not shipped",
      text: "FROM debian:12 AS build\nRUN apt-get update\nFROM scratch\nCOPY --from=build /app /app\n",
    },
  ],
};

function removesLists(run: RunInstruction): boolean {
  return run.script.commands.some(
    (command) =>
      (command.name === "rm" || command.name === "find") &&
      command.args.some(
        (word) =>
          (word.value ?? word.raw).startsWith(lists) || word.value === "/var/lib/apt/" || word.value === "/var/lib/apt",
      ),
  );
}

/** Whether a later RUN installs from the lists this one leaves. */
function neededLater(dockerfile: Dockerfile, run: RunInstruction): boolean {
  return instructionsOf(dockerfile, "RUN").some((later) => {
    if (later.index <= run.index || !chainOf(dockerfile, later.stage).some((stage) => stage.index === run.stage))
      return false;
    const calls = managerCalls(later).filter((call) => call.manager === "apt");
    const install = calls.findIndex((call) => call.does === "install" || call.does === "upgrade");
    return install >= 0 && !calls.slice(0, install).some((call) => call.does === "update");
  });
}
