import type { SourceRange } from "../../core/index.ts";
import {
  type Dockerfile,
  insertLineAfter,
  insertLineBefore,
  type Instruction,
  instructionsOf,
  type RunInstruction,
  type ShellCommand,
} from "../../syntax/index.ts";
import { inSource, likelyFix } from "../problem.ts";
import { userOfInstruction } from "../reading/current-user.ts";
import type { Known, Rule } from "../rule.ts";

export const privilegedRunAfterUser: Rule<"dockerfile"> = {
  id: "privileged-run-after-user",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",
  summary: "A step that needs root runs after USER has given root up",
  why: `USER holds for the build steps below it too. Package managers and user tools then stop with "permission denied" or
"are you root?". Put such steps above USER, or between \`USER root\` and the same USER again, so that the image still ends
as a user without privileges.`,
  *check({ dockerfile }, known) {
    if (instructionsOf(dockerfile, "USER").length === 0) return;
    for (const run of instructionsOf(dockerfile, "RUN")) {
      const command = privileged(run);
      if (!command) continue;
      const user = whoFails(dockerfile, run, known);
      if (user === undefined) continue;
      yield {
        message: `${command.name} needs root, and this step runs as ${user.name}`,
        at: inSource(dockerfile, rangeOf(command)),
        ...bracket(dockerfile, run, user.word, known),
      };
    }
  },
  examples: [
    {
      title: "an installation after USER",
      text: 'FROM debian:12\nUSER app\nRUN «apt-get update» && apt-get install -y curl\nCMD ["x"]\n',
      fixed:
        'FROM debian:12\nUSER app\nUSER root\nRUN apt-get update && apt-get install -y curl\nUSER app\nCMD ["x"]\n',
    },
    {
      title: "several in a row, in a stage on top",
      text: "FROM alpine:3.20 AS a\nUSER 1000:1000\nFROM a\nRUN «apk add» git\nRUN «adduser» -D x\nRUN make\n",
      fixed:
        "FROM alpine:3.20 AS a\nUSER 1000:1000\nFROM a\nUSER root\nRUN apk add git\nRUN adduser -D x\nUSER 1000:1000\nRUN make\n",
    },
    {
      title: "above USER, as root again, with sudo, or only asking",
      text: "FROM debian:12\nRUN apt-get update\nUSER app\nRUN sudo apt-get update && apt-get --version && apk info && dnf list\nRUN apt-cache search x; pip install y; apt-get download z\nUSER root\nRUN apt-get install -y x\nUSER $WHO\nRUN apt-get update\n",
    },
  ],
};

const subcommands: Readonly<Record<string, ReadonlySet<string> | undefined>> = {
  "apt-get": new Set([
    "update",
    "install",
    "upgrade",
    "dist-upgrade",
    "full-upgrade",
    "remove",
    "purge",
    "autoremove",
    "clean",
    "build-dep",
    "reinstall",
  ]),
  apt: new Set(["update", "install", "upgrade", "full-upgrade", "remove", "purge", "autoremove", "clean"]),
  apk: new Set(["add", "del", "update", "upgrade"]),
  dnf: new Set(["install", "update", "upgrade", "remove", "clean", "groupinstall"]),
  yum: new Set(["install", "update", "upgrade", "remove", "clean", "groupinstall"]),
  microdnf: new Set(["install", "update", "upgrade", "remove", "clean"]),
  zypper: new Set(["install", "in", "update", "up", "remove", "rm", "refresh", "ref"]),
};
const userTools = new Set([
  "useradd",
  "groupadd",
  "usermod",
  "adduser",
  "addgroup",
  "userdel",
  "chpasswd",
  "update-ca-certificates",
  "ldconfig",
  "locale-gen",
]);

function privileged(run: RunInstruction): ShellCommand | undefined {
  return run.script.commands.find((command) => {
    if (command.wrappers.some(({ name }) => name === "sudo" || name === "doas")) return false;
    if (userTools.has(command.name)) return true;
    const needing = Object.hasOwn(subcommands, command.name) ? subcommands[command.name] : undefined;
    return needing !== undefined && subcommandIn(command, needing) !== undefined;
  });
}

function subcommandIn(command: ShellCommand, needing: ReadonlySet<string>) {
  if (
    command.args.some(
      ({ value }) => value === "--help" || value === "--version" || value?.startsWith("--download-only"),
    )
  )
    return undefined;
  const word = command.args.find(({ raw }) => !raw.startsWith("-"));
  return word?.value !== undefined && needing.has(word.value) ? word : undefined;
}

function rangeOf(command: ShellCommand): SourceRange {
  const needing = Object.hasOwn(subcommands, command.name) ? subcommands[command.name] : undefined;
  const word = needing && subcommandIn(command, needing);
  return { start: command.nameWord.range.start, end: (word ?? command.nameWord).range.end };
}

/** The user a step runs as, where a USER of the Dockerfile says that it is not root. */
function whoFails(
  dockerfile: Dockerfile,
  run: RunInstruction,
  known: Known,
): { name: string; word: string } | undefined {
  const { user, by } = userOfInstruction(dockerfile, run, known);
  const word = by?.words[0]?.raw;
  return user === undefined || user === "root" || word === undefined || /^Container(?:Administrator|User)$/i.test(user)
    ? undefined
    : { name: user, word };
}

/** Root for this step and those right below that need it too; the first of them carries the fix. */
function bracket(dockerfile: Dockerfile, run: RunInstruction, word: string, known: Known) {
  const all = dockerfile.instructions;
  const needs = (one: Instruction | undefined): one is RunInstruction =>
    one?.keyword === "RUN" &&
    one.stage === run.stage &&
    privileged(one) !== undefined &&
    whoFails(dockerfile, one, known) !== undefined;
  if (needs(all[run.index - 1])) return {};
  let last: Instruction = run;
  for (let next = all[run.index + 1]; needs(next); next = all[next.index + 1]) last = next;
  return likelyFix("Be root for it, if the step belongs here", [
    insertLineBefore(dockerfile, run, "USER root"),
    insertLineAfter(dockerfile, last, `USER ${word}`),
  ]);
}
