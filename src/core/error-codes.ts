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
  | "image.not-found"
  | "image.invalid"
  | "image.digest-mismatch"
  | "image.limit"
  | "image.platform"
  | "image.unsupported"
  | "image.unreachable"
  | "sbom.invalid"
  | "store.missing"
  | "store.damaged"
  | "store.outdated"
  | "store.busy"
  | "feed.invalid"
  | "feed.limit"
  | "feed.unreachable"
  | "scanner.missing"
  | "scanner.failed"
  | "report.invalid"
  | "builder.missing"
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
  "image.not-found": { meaning: "No place that was looked in has the image.", exit: 2 },
  "image.invalid": { meaning: "An image, or the file it is in, is damaged or not an image.", exit: 3 },
  "image.digest-mismatch": { meaning: "A part of an image does not hash to the digest it is known by.", exit: 3 },
  "image.limit": { meaning: "An image is larger or stranger than what Plimsoll is willing to read.", exit: 3 },
  "image.platform": { meaning: "An image is not there for the platform that was asked for.", exit: 2 },
  "image.unsupported": { meaning: "An image is in a format that is no longer in use (manifest schema 1).", exit: 3 },
  "image.unreachable": { meaning: "An engine does not answer, or refuses.", exit: 3 },
  "sbom.invalid": {
    meaning: "A file is no bill of materials, or one of a kind that is not read.",
    exit: 3,
  },
  "store.missing": {
    meaning: "There is no advisory store where one was asked for, or it lacks what was asked of it.",
    exit: 2,
  },
  "store.damaged": {
    meaning: "An advisory store is damaged, not one, or of a format this version does not read.",
    exit: 3,
  },
  "store.outdated": { meaning: "The advisory store is older than the age that is allowed.", exit: 3 },
  "store.busy": { meaning: "Another update of the same advisory store is running.", exit: 3 },
  "feed.invalid": { meaning: "Advisory data that was read is damaged or not what its publisher says it is.", exit: 3 },
  "feed.limit": { meaning: "Advisory data is larger than what Plimsoll is willing to read.", exit: 3 },
  "feed.unreachable": { meaning: "A publisher of advisory data does not answer, or refuses.", exit: 3 },
  "scanner.missing": { meaning: "Another scanner was asked for that is not installed here.", exit: 2 },
  "scanner.failed": { meaning: "Another scanner failed, took too long, or printed no report.", exit: 3 },
  "report.invalid": { meaning: "A report that was to be read is of no kind that is known.", exit: 2 },
  "builder.missing": { meaning: "The builder that was named is not there, or does not answer.", exit: 2 },
  internal: { meaning: "A fault in Plimsoll itself.", exit: 70 },
};
