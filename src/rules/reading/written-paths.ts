import {
  type CommandInstruction,
  type Dockerfile,
  findOption,
  hasOption,
  normalizePath,
  operandsOf,
  type RunInstruction,
  type ShellCommand,
  subcommandOf,
  workdirAt,
} from "../../syntax/index.ts";
import { downloads } from "./downloads.ts";

/** A path that a command surely writes or makes when the step runs. */
export interface WrittenPath {
  readonly command: ShellCommand;
  /** Absolute. */
  readonly path: string;
  /** It is no fault when the path is there already: `mkdir -p`. */
  readonly unlessThere: boolean;
}

/**
 * What the commands of a step write for sure, as far as that can be told from their words: only commands that run whenever the
 * step gets that far, as the user of the step, in directories that are known.
 */
export function writtenPaths(
  dockerfile: Dockerfile,
  step: RunInstruction | CommandInstruction,
): readonly WrittenPath[] {
  const { script } = step;
  if (script.broken || (step.form === "exec" && script.dialect === "unknown")) return [];
  const found: WrittenPath[] = [];
  let directory = workdirAt(dockerfile, step);
  const stored = step.keyword === "RUN" ? downloads(step) : [];
  let reached = true;
  for (const command of script.commands) {
    if (command.depth > 0) continue;
    // Behind `||` a command runs only now and then, and so does what hangs on it.
    reached =
      command.joinedBy === "||" ? false : command.joinedBy === "&&" || command.joinedBy === "|" ? reached : true;
    if (command.name === "cd") {
      directory = reached ? absolute(operandsOf(command)[0]?.value, directory) : undefined;
      continue;
    }
    if (!reached || command.wrappers.some(({ name }) => !sameUser.has(name))) continue;
    for (const { operator, target } of command.redirects)
      if (operator === ">" || operator === ">>" || operator === ">|") add(command, target?.value);
    for (const one of stored) if (one.command === command && command.redirects.length === 0) add(command, one.path);
    for (const path of operandsWritten(command))
      add(command, path, command.name === "mkdir" && hasOption(command, "-p", "--parents"));
  }
  return found;

  function add(command: ShellCommand, text: string | undefined, unlessThere = false): void {
    const path = text === undefined || /[*?[$~&]/.test(text) ? undefined : absolute(text, directory);
    if (path !== undefined) found.push({ command, path, unlessThere });
  }
}

const sameUser: ReadonlySet<string> = new Set(["exec", "env", "time", "nohup", "command", "nice"]);

function absolute(text: string | undefined, directory: string | undefined): string | undefined {
  if (text === undefined || text === "" || text.startsWith("~")) return undefined;
  if (text.startsWith("/")) return normalizePath(text);
  return directory === undefined ? undefined : normalizePath(`${directory}/${text}`);
}

/** The paths a command makes, as written or below the working directory. */
function operandsWritten(command: ShellCommand): readonly (string | undefined)[] {
  const { name } = command;
  const operands = operandsOf(command).map(({ value }) => value);
  if (name === "touch" || name === "tee")
    return command.args.some(({ raw }) => /^-[a-z]*[rdtc]|^--/.test(raw)) && name === "touch" ? [] : operands;
  if (name === "mkdir")
    return command.args.some(({ raw }) => /^(?:-m|--mode)$/.test(raw)) ? operands.slice(1) : operands;
  if (name === "cp" || name === "mv") return findOption(command, "-t") || operands.length < 2 ? [] : operands.slice(-1);
  if (name === "virtualenv") return operands.slice(-1);
  if (/^python[\d.]*$/.test(name) && operands[0] === "venv" && command.args[0]?.raw === "-m") return operands.slice(1);
  const made = projectTools.find(({ names }) => names.test(name));
  return made && made.when(command) ? made.makes : [];
}

interface ProjectTool {
  readonly names: RegExp;
  when(command: ShellCommand): boolean;
  /** Below the working directory. */
  readonly makes: readonly string[];
}

const installs = (command: ShellCommand, verbs: RegExp, elsewhere: RegExp): boolean =>
  verbs.test(subcommandOf(command) ?? "") && !command.args.some(({ raw }) => elsewhere.test(raw));

/** Tools that always write in the project they are started in. */
const projectTools: readonly ProjectTool[] = [
  {
    names: /^npm$/,
    when: (command) => installs(command, /^(?:ci|install|i)$/, /^(?:-g|--global|--location|--prefix|-C|--dry-run)/),
    makes: ["node_modules"],
  },
  {
    names: /^pnpm$/,
    when: (command) => installs(command, /^(?:install|i)$/, /^(?:-g|--global|-C|--dir|--modules-dir|--lockfile-only)/),
    makes: ["node_modules"],
  },
  {
    // Options of Yarn 1, which alone is sure to write node_modules.
    names: /^yarn$/,
    when: (command) =>
      installs(command, /^install$/, /^--(?:cwd|modules-folder|immutable)/) &&
      findOption(command, "--frozen-lockfile", "--production", "--pure-lockfile") !== undefined,
    makes: ["node_modules"],
  },
  {
    names: /^gradlew?$/,
    when: (command) => installs(command, /^\w/, /^(?:-p$|--project-|--version|-v$|--help)/),
    makes: [".gradle"],
  },
  {
    names: /^composer$/,
    when: (command) => installs(command, /^install$/, /^(?:-d|--working-dir|--dry-run)/),
    makes: ["vendor"],
  },
  {
    names: /^mvnw?$/,
    when: (command) => installs(command, /^(?:compile|package|install|verify)$/, /^(?:-f|--file)/),
    makes: ["target"],
  },
];
