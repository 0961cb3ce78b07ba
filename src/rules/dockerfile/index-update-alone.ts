import {
  type Dockerfile,
  insertCommandBefore,
  instructionsOf,
  isEditable,
  mountKeepsOut,
  removeCommand,
  removeInstruction,
  type RunInstruction,
} from "../../syntax/index.ts";
import type { Edit } from "../../core/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { type ManagerCall, managerCalls } from "../reading/package-managers.ts";
import type { Rule } from "../rule.ts";

export const indexUpdateAlone: Rule<"dockerfile"> = {
  id: "index-update-alone",
  subject: "dockerfile",
  aim: "speed",
  severity: "medium",

  summary: "The package index is fetched in a RUN that installs nothing",
  why: `The layer of that RUN is cached by its text, which never changes, so later builds reuse an index that may be months old, and an install in another RUN asks
for versions that no longer exist. The lists also stay in that layer for good. Fetch the index in the RUN that installs from it.`,
  aliases: ["CIS-DI-0007", "DS-0017"],
  *check({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      const calls = managerCalls(run);
      const update = calls.find((call) => call.does === "update" && call.manager !== "pacman");
      if (
        !update ||
        run.stage < 0 ||
        calls.some((call) => call.manager === update.manager && (call.does === "install" || call.does === "upgrade"))
      )
        continue;
      if (runsUnknown(run) || mountKeepsOut(run, "/var/lib/apt/lists")) continue;
      const next = laterInstall(dockerfile, run, update);
      yield {
        message: "this fetches the package index in a layer of its own",
        at: inSource(dockerfile, update.command.range),
        ...(next
          ? { related: [{ at: inSource(dockerfile, next.call.command.range), message: "this installs from it" }] }
          : {}),
        ...safeFix("Fetch the index in the RUN that installs", next && move(dockerfile, run, update, next)),
      };
    }
  },
  examples: [
    {
      title: "moved to the RUN that installs",
      text: "FROM debian:12\nRUN «apt-get update»\nRUN apt-get install -y curl\n",
      fixed: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
    },
    {
      title: "only to the first that installs",
      text: "FROM debian:12\nRUN «apt-get update»\nRUN apt-get install -y curl\nRUN apt-get install -y git\n",
      fixed: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN apt-get install -y git\n",
    },
    {
      title: "with something beside it",
      text: "FROM debian:12\nRUN echo x > /x && «apt-get update»\nRUN apt-get install -y curl\n",
      fixed: "FROM debian:12\nRUN echo x > /x\nRUN apt-get update && apt-get install -y curl\n",
    },
    { title: "nothing installs", text: 'FROM debian:12\nRUN «apt-get update»\nCMD ["bash"]\n' },
    { title: "in one RUN", text: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n" },
    { title: "yum update is an upgrade", text: "FROM centos:7\nRUN yum -y update\n" },
  ],
};

interface Install {
  readonly run: RunInstruction;
  readonly call: ManagerCall;
}

/** The first RUN of the same stage that installs, when no other update stands before its install. */
function laterInstall(dockerfile: Dockerfile, run: RunInstruction, update: ManagerCall): Install | undefined {
  for (const later of instructionsOf(dockerfile, "RUN")) {
    if (later.index <= run.index || later.stage !== run.stage) continue;
    const calls = managerCalls(later).filter((call) => call.manager === update.manager);
    const at = calls.findIndex((call) => call.does === "install" || call.does === "upgrade");
    const call = calls[at];
    if (call) return { run: later, call };
    if (calls.some((one) => one.does === "update")) return undefined;
  }
  return undefined;
}

/** Scripts of the project may install something themselves. */
function runsUnknown(run: RunInstruction): boolean {
  return run.script.commands.some(
    (command) =>
      command.name === "" ||
      command.name.endsWith(".sh") ||
      command.name === "." ||
      command.name === "source" ||
      (/^(?:ba|da)?sh$/.test(command.name) && !command.args.some((word) => word.raw === "-c")),
  );
}

function move(
  dockerfile: Dockerfile,
  run: RunInstruction,
  update: ManagerCall,
  next: Install,
): readonly Edit[] | undefined {
  const updatesItself = managerCalls(next.run).some(
    (call) =>
      call.does === "update" &&
      call.manager === update.manager &&
      call.command.range.start < next.call.command.range.start,
  );
  const text = dockerfile.source.text.slice(update.command.range.start, update.command.range.end);
  const insert = updatesItself
    ? []
    : text.includes("\n")
      ? undefined
      : insertCommandBefore(dockerfile, next.run, next.call.command, text);
  const alone = run.script.commands.length === 1 && isEditable(run) && update.command.redirects.length === 0;
  const drop = alone ? [removeInstruction(dockerfile, run)] : removeCommand(dockerfile, run, update.command);
  return insert && drop ? [...drop, ...insert] : undefined;
}
