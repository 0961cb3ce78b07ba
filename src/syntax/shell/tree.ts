import type { SourceRange } from "../../core/index.ts";

/** A word as written, and as read once quotes and known variables are resolved; no `value` where that cannot be known. */
export interface Word {
  readonly raw: string;
  readonly value?: string | undefined;
  readonly range: SourceRange;
}

export type ShellDialect = "posix" | "bash" | "powershell" | "cmd" | "unknown";

/** A script's text as the shell gets it, and the way from its offsets back to the Dockerfile. */
export interface ShellText {
  readonly source: string;
  range(start: number, end: number): SourceRange;
}

export interface ShellScript {
  /** Absent for an exec form, which no shell reads. */
  readonly text?: ShellText | undefined;
  /** Dialects other than posix and bash are recognised and left alone: `commands` is then empty. */
  readonly dialect: ShellDialect;
  /** Simple commands in source order, those inside `( )`, `{ }`, `if`, `for`, `$( )` and `sh -c '…'` included. */
  readonly commands: readonly ShellCommand[];
  /** The commands of a name, in source order. */
  named(name: string): readonly ShellCommand[];
  /** The span the script covers in the Dockerfile. */
  readonly range: SourceRange;
  /** Whether the shell could not make sense of it: rules then say nothing about what they did not see. */
  readonly broken: boolean;
  /** Whether `set -e` (or `-o errexit`, or a shell started with `-e`) is in force from the first command on. */
  readonly errexit: boolean;
  /** Whether the script is the body of a heredoc (`RUN <<EOF`). */
  readonly heredoc: boolean;
}

export interface ShellCommand {
  /** "apt-get": without path, assignments or wrappers. Empty where it is not literal. */
  readonly name: string;
  /** The words after the name. */
  readonly args: readonly Word[];
  /** The name as written. */
  readonly nameWord: Word;
  /** What stands before the name and runs it: `sudo -E`, `env`, `exec`, `time`, `nohup`, `command`. */
  readonly wrappers: readonly ShellWrapper[];
  /** `NAME=value` words in front. */
  readonly assignments: readonly Word[];
  readonly redirects: readonly { readonly operator: string; readonly target?: Word; readonly range: SourceRange }[];
  /** How it is joined to the command before it at the same depth. */
  readonly joinedBy: "start" | "&&" | "||" | "|" | ";" | "&";
  /** 0 for the commands of the script itself, more inside ( ), { }, if, for, $( ), `sh -c`. */
  readonly depth: number;
  /** Assignments, wrappers, name, arguments and redirects, in the Dockerfile itself. */
  readonly range: SourceRange;
}

export interface ShellWrapper {
  readonly name: string;
  readonly range: SourceRange;
}
