import { type RunInstruction, type ShellCommand, subcommandWord, type Word } from "../../syntax/index.ts";

/** Calls of `pip install`, also as `python -m pip install`. */
export function pipInstalls(run: RunInstruction): readonly { readonly command: ShellCommand; readonly verb: Word }[] {
  const found: { command: ShellCommand; verb: Word }[] = [];
  for (const command of run.script.commands) {
    if (/^pip(?:\d(?:\.\d+)?)?$/.test(command.name)) {
      const verb = subcommandWord(command);
      if (verb?.value === "install") found.push({ command, verb });
    } else if (/^python(?:\d(?:\.\d+)?)?$/.test(command.name)) {
      const at = command.args.findIndex((word, i) => word.raw === "pip" && command.args[i - 1]?.raw === "-m");
      const verb = at < 0 ? undefined : command.args.slice(at + 1).find((word) => !word.raw.startsWith("-"));
      if (verb?.value === "install") found.push({ command, verb });
    }
  }
  return found;
}
