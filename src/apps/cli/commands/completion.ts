import type { Command } from "commander";
import { builtInRules } from "../../../rules/index.ts";
import type { Terminal } from "../terminal.ts";

/** `plimsoll completion SHELL`: a script for the shell to source, made from the commands themselves. */
export async function completion(shell: string, program: Command, terminal: Terminal): Promise<number> {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    summary: command.description(),
    options: command.options
      .flatMap((option) => [option.short, option.long])
      .filter((flag): flag is string => flag !== undefined),
  }));
  const names = commands.map(({ name }) => name).join(" ");
  const { imageRules } = await import("../image-commands.ts");
  const rules = [...builtInRules, ...imageRules].map(({ id }) => id).join(" ");
  if (shell === "fish") {
    const lines = commands.flatMap(({ name, summary, options }) => [
      `complete -c plimsoll -n __fish_use_subcommand -f -a ${name} -d '${summary.replaceAll("'", "")}'`,
      ...options
        .filter((flag) => flag.startsWith("--"))
        .map((flag) => `complete -c plimsoll -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`),
    ]);
    terminal.out(
      `${lines.join("\n")}\ncomplete -c plimsoll -n '__fish_seen_subcommand_from explain' -f -a '${rules}'\n`,
    );
    return 0;
  }
  const cases = commands
    .map(
      ({ name, options }) =>
        `    ${name}) words="${[...options, ...(name === "explain" ? [rules] : [])].join(" ")}" ;;`,
    )
    .join("\n");
  const body = `_plimsoll() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="${names}"
  if [ "$COMP_CWORD" -gt 1 ]; then case "\${COMP_WORDS[1]}" in
${cases}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case "$current" in -*) ;; *) COMPREPLY+=($(compgen -f -- "$current")) ;; esac
}
complete -F _plimsoll plimsoll
`;
  terminal.out(shell === "zsh" ? `autoload -U +X bashcompinit && bashcompinit\n${body}` : body);
  return 0;
}
