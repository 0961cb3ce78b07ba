/** A program that a supervisor is told to start. */
export interface SupervisedProgram {
  readonly name: string;
  /** Its command, split at blanks. */
  readonly words: readonly string[];
  /** Whether the command needs no shell, and no setting changes its surroundings. */
  readonly plain: boolean;
}

/** Settings that say when and how often, or where its output goes: the engine has an answer of its own to these. */
const left =
  /^(?:command|autostart|autorestart|priority|startsecs|startretries|exitcodes|stopsignal|stopwaitsecs|stopasgroup|killasgroup|redirect_stderr|std(?:out|err)_\w+|process_name|numprocs_start)$/;

/** The programs in a file of supervisor's settings. */
export function readSupervisor(text: string): readonly SupervisedProgram[] {
  const programs: SupervisedProgram[] = [];
  for (const section of text.split(/^(?=\[)/m).slice(0, 1000)) {
    const name = /^\[program:([^\]\n]+)\]/.exec(section)?.[1];
    const others =
      /^\[(?!program:|supervisord\]|supervisorctl\]|unix_http_server\]|inet_http_server\]|rpcinterface:)/.test(section);
    if (name === undefined && !others) continue;
    const settings = section.split(/\r?\n/).flatMap((line) => {
      const [, key, value] = /^([\w]+)[ \t]*=[ \t]*(.*)$/.exec(line) ?? [];
      return key === undefined ? [] : [{ key, value: (value ?? "").replace(/\s+;.*$/, "").trim() }];
    });
    const command = settings.findLast(({ key }) => key === "command")?.value ?? "";
    programs.push({
      name: name ?? "",
      words: command.split(/\s+/),
      plain:
        !others &&
        command !== "" &&
        !/["'`$%;&|<>()\\*?~{}]/.test(command) &&
        settings.every(({ key }) => left.test(key)),
    });
  }
  return programs;
}
