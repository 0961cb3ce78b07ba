export type ErrorCode =
  | "usage.unknown-option"
  | "usage.unknown-rule"
  | "target.missing"
  | "target.no-dockerfile"
  | "target.unreadable"
  | "target.not-text"
  | "target.too-large"
  | "config.invalid"
  | "config.missing"
  | "output.unwritable"
  | "fix.changed-underneath"
  | "internal";

/** What each kind of refusal means, what to try, and the exit status it ends with. The errors page is made from this table. */
export const errorCodes: Readonly<Record<ErrorCode, { readonly meaning: string; readonly exit: number }>> = {
  "usage.unknown-option": { meaning: "An option or command is not known, or its value is not allowed.", exit: 2 },
  "usage.unknown-rule": { meaning: "A rule was named that does not exist.", exit: 2 },
  "target.missing": { meaning: "A path that was asked for does not exist.", exit: 2 },
  "target.no-dockerfile": { meaning: "A directory holds no Dockerfile.", exit: 2 },
  "target.unreadable": { meaning: "A file cannot be read (permissions, or it is not a regular file).", exit: 3 },
  "target.not-text": { meaning: "A file that should be a Dockerfile is binary or not valid UTF-8.", exit: 3 },
  "target.too-large": { meaning: "A file is larger than the limit for its kind.", exit: 3 },
  "config.invalid": { meaning: "A configuration file does not parse or holds a value that is not allowed.", exit: 2 },
  "config.missing": { meaning: "A configuration file that was asked for does not exist.", exit: 2 },
  "output.unwritable": { meaning: "A result cannot be written where it was asked to go.", exit: 2 },
  "fix.changed-underneath": { meaning: "A file changed between reading and writing it; nothing was written.", exit: 3 },
  internal: { meaning: "A fault in Plimsoll itself.", exit: 70 },
};
