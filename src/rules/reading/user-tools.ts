import type { BaseFamily } from "../../bases/index.ts";
import { chainOf, type Dockerfile, type RunInstruction, type ShellCommand } from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { baseOf } from "./base-of.ts";
import { isUserTool } from "./users.ts";

/** Which user tools a RUN can call, as far as known. */
export interface UserTools {
  readonly family: BaseFamily;
  /** useradd, groupadd, usermod; undefined where it cannot be told. */
  readonly shadow?: boolean | undefined;
  /** The adduser and addgroup there are; "none" when it is known that there are none. */
  readonly adduser?: "busybox" | "debian" | "shadow" | "none" | undefined;
}

const installers: Readonly<Record<string, string>> = {
  "apt-get": "install",
  apt: "install",
  aptitude: "install",
  apk: "add",
  dnf: "install",
  yum: "install",
  microdnf: "install",
};

/** The user tools at a RUN of a stage, with what the RUNs above have installed. */
export function userToolsAt(dockerfile: Dockerfile, run: RunInstruction, known: Known): UserTools {
  const stage = dockerfile.stages[run.stage];
  if (!stage) return { family: "unknown" };
  const { family, userTools, suite } = baseOf(dockerfile, stage, known);
  const installed = new Set<string>();
  let anything = false;
  for (const one of chainOf(dockerfile, run.stage)) {
    for (const instruction of one.instructions) {
      if (instruction.keyword !== "RUN" || instruction.index > run.index) continue;
      for (const [name, subcommand] of Object.entries(installers))
        for (const command of instruction.script.named(name)) {
          if (!command.args.some(({ value }) => value === subcommand)) continue;
          anything = true;
          for (const { value } of command.args) if (value) installed.add(value.replace(/[=~<>].*/, ""));
        }
    }
  }
  switch (family) {
    case "alpine":
    case "wolfi":
    case "busybox":
      return { family, shadow: installed.has("shadow"), adduser: "busybox" };
    case "debian":
      if (userTools.includes("debian-adduser") || installed.has("adduser"))
        return { family, shadow: true, adduser: "debian" };
      // Where the suite is known the absence is; but any package may have brought adduser along.
      return { family, shadow: true, adduser: suite === undefined || anything ? undefined : "none" };
    case "rhel":
      if (userTools.includes("shadow") || installed.has("shadow-utils"))
        return { family, shadow: true, adduser: "shadow" };
      return anything ? { family } : { family, shadow: false, adduser: "none" };
    default:
      return { family };
  }
}

/** Whether a script asks which tools there are, or tries another user tool when this one fails. */
export function isGuarded(run: RunInstruction, command: ShellCommand): boolean {
  const { commands } = run.script;
  const index = commands.indexOf(command);
  const next = commands[index + 1];
  const previous = commands[index - 1];
  return (
    (next?.joinedBy === "||" && isUserTool(next.name)) ||
    (command.joinedBy === "||" && previous !== undefined && isUserTool(previous.name)) ||
    (command.depth > 0 && ["command", "which", "type", "hash"].some((name) => run.script.named(name).length > 0))
  );
}
