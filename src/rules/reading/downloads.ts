import { remembered, type RunInstruction, type ShellCommand, type Word } from "../../syntax/index.ts";

export interface Download {
  readonly command: ShellCommand;
  /** The word with the address. */
  readonly url: Word | undefined;
  /** Where the file is written, as written. */
  readonly path: string;
}

/** Files that curl and wget store in a RUN. Downloads to standard output are not among them. */
export const downloads: (run: RunInstruction) => readonly Download[] = remembered((run) => {
  const found: Download[] = [];
  for (const command of [...run.script.named("curl"), ...run.script.named("wget")]) {
    const url = urlOf(command);
    const path = storedAt(command, url);
    if (path !== undefined && path !== "-") found.push({ command, url, path });
  }
  return found;
});

/** The address a command fetches: its first word that looks like one. */
export function urlOf(command: ShellCommand): Word | undefined {
  return command.args.find((word) => /^["']?(?:https?|ftp):\/\//.test(word.raw));
}

function storedAt(command: ShellCommand, url: Word | undefined): string | undefined {
  const isWget = command.name === "wget";
  for (const [i, word] of command.args.entries()) {
    const text = word.value ?? word.raw;
    const name = isWget ? "output-document" : "output";
    if (text.startsWith(`--${name}=`)) return text.slice(name.length + 3);
    const short = isWget ? /^-[a-zA-Z]*O(.*)$/ : /^-[a-zA-Z]*o(.*)$/;
    const match = text === `--${name}` ? ["", ""] : text.startsWith("--") ? null : short.exec(text);
    if (match) return match[1] || command.args[i + 1]?.value;
  }
  const redirect = command.redirects.find(({ operator }) => operator === ">" || operator === ">>");
  if (redirect) return redirect.target?.value;
  const address = url?.value;
  if (address === undefined) return undefined;
  const remoteName =
    isWget || command.args.some((word) => word.raw === "--remote-name" || /^-[a-zA-Z]*O/.test(word.raw));
  return remoteName ? (address.split(/[?#]/)[0] ?? "").split("/").pop() || undefined : undefined;
}
