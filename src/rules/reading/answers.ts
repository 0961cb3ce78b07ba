import type { RunInstruction, ShellCommand } from "../../syntax/index.ts";

/** Whether something is piped into a command, as in `yes | apt-get install`, or the environment says yes for it. */
export function isAnswered(command: ShellCommand, run: RunInstruction): boolean {
  if (command.joinedBy === "|") return true;
  const configured = run.script.commands.some(
    (other) => other.name === "echo" && other.args.some((word) => /Assume-Yes/i.test(word.raw)),
  );
  return (
    configured || command.args.some((word) => /^APT::Get::(?:Assume-Yes|yes)=(?:"?true|1)/i.test(word.value ?? ""))
  );
}
