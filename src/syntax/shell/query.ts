import type { ShellCommand, ShellScript, Word } from "./tree.ts";

/** The options of a command: words that begin with `-`, up to `--`. */
export function optionsOf(command: ShellCommand): readonly Word[] {
  const options: Word[] = [];
  for (const word of command.args) {
    if (word.raw === "--") break;
    const text = word.value ?? word.raw;
    if (text.startsWith("-") && text.length > 1) options.push(word);
  }
  return options;
}

/**
 * Whether one of `names` is among the options: "--yes" also as `--yes=…`, "-y" also inside a cluster like `-qy`.
 */
export function hasOption(command: ShellCommand, ...names: readonly string[]): boolean {
  return findOption(command, ...names) !== undefined;
}

/** The word that holds the option. */
export function findOption(command: ShellCommand, ...names: readonly string[]): Word | undefined {
  return optionsOf(command).find((word) => {
    const text = word.value ?? word.raw;
    return names.some((name) =>
      name.startsWith("--") || name.length > 2
        ? text === name || text.startsWith(`${name}=`)
        : text === name || (/^-[A-Za-z0-9]+$/.test(text) && text.includes(name.charAt(1))),
    );
  });
}

/** The words that are no options, in order. `valued` names options whose next word is their value (`-o`, `--root`). */
export function operandsOf(command: ShellCommand, valued: ReadonlySet<string> = noOptions): readonly Word[] {
  const operands: Word[] = [];
  let onlyOperands = false;
  for (let i = 0; i < command.args.length; i++) {
    const word = command.args[i];
    if (!word) break;
    const text = word.value ?? word.raw;
    if (!onlyOperands && text === "--") onlyOperands = true;
    else if (onlyOperands || !text.startsWith("-") || text === "-") operands.push(word);
    else if (valued.has(text)) i++;
  }
  return operands;
}
const noOptions: ReadonlySet<string> = new Set();

/** "install" in `apt-get -y install curl`: the first operand. */
export function subcommandOf(command: ShellCommand, valued?: ReadonlySet<string>): string | undefined {
  return subcommandWord(command, valued)?.value;
}

export function subcommandWord(command: ShellCommand, valued?: ReadonlySet<string>): Word | undefined {
  return operandsOf(command, valued)[0];
}

/** The commands named `name` whose first operand is one of `subcommands`. */
export function findCommands(
  script: ShellScript,
  name: string,
  ...subcommands: readonly string[]
): readonly ShellCommand[] {
  const named = script.named(name);
  if (named.length === 0 || subcommands.length === 0) return named;
  return named.filter((command) => subcommands.includes(subcommandOf(command) ?? ""));
}
