import { readPragmas } from "../../syntax/index.ts";

/** An ignore comment that its program does not read as it was meant. */
export interface Misspelt {
  readonly message: string;
  /** The comment without its `#`, as it should be. */
  readonly meant: string;
  /** A comment of its own above it, for what another program reads. */
  readonly besides?: string;
}

const code = "(?:DL|SC)\\d{4}";
const foreign = "(?:AVD-)?DS-?\\d{3,4}|CIS-DI-\\d{4}|DKL-[A-Z]{2}-\\d{4}";
const own = "[a-z]+(?:-[a-z0-9]+)+";
const list = (id: string): string => `(?:${id})(?:[\\s,]+(?:${id}))*`;
/** What may follow the ids: nothing, or a reason that is set off in some way. */
const reason = "(?:\\s*(?:#|--|//|\\().*)?";

const hadolintLoose = new RegExp(
  `^hadolint(?:\\s*[:-]\\s*|\\s+)(?:(global|stage)\\s+)?(?:ignore|disable)(?:\\s*[:=]\\s*|\\s+)(${list(code)})(${reason})$`,
  "i",
);
const ownLoose = new RegExp(
  `^plimsoll(?:\\s*[:-]\\s*|\\s+)(?:ignore|disable)(-file|-stage)?(?:\\s*[:=]\\s*|\\s+)(${list(`${code}|${foreign}|${own}`)})(${reason})$`,
  "i",
);
const trivyLoose = new RegExp(
  `^(trivy|tfsec)(?:\\s*:\\s*|\\s+)ignore(?:\\s*[:=]\\s*|\\s+)(${list("(?:AVD-)?DS-?\\d{3,4}")})(${reason})$`,
  "i",
);
const checkLoose = /^check(?:\s*[:=]\s*|\s+)skip(?:\s*[:=]\s*|\s+)((?:[A-Z][A-Za-z]+)(?:[\s,]+[A-Z][A-Za-z]+)*)$/;
/** A list that goes on behind a space, where the value of `check` ends. */
const checkSpaced =
  /^check\s*=\s*skip=([A-Za-z]+(?:,[A-Za-z]+)*(?:\s*,\s+|\s+,\s*)[A-Z][A-Za-z]+(?:\s*,\s*[A-Z][A-Za-z]+)*)$/;

const hadolintExact =
  /^hadolint\s+(?:(global|stage)\s+)?ignore\s*=\s*([A-Za-z0-9_*.-]+(?:\s*,\s*[A-Za-z0-9_*.-]+)*)(.*)$/i;

/** How an ignore comment should be written, where it is plain what it is meant to say. `text` is without `#`. */
export function misspelt(text: string): Misspelt | undefined {
  if (text.length > 500) return undefined;
  const spaced = checkSpaced.exec(text);
  if (spaced)
    return {
      message: "BuildKit reads the list up to the first space: what stands behind it is not skipped",
      meant: `check=skip=${ids(spaced[1]).join(",")}`,
    };
  const exact = hadolintExact.exec(text);
  if (exact) return inHadolint(exact[1], ids(exact[2]), exact[3] ?? "");
  if (readPragmas(text).length > 0) return undefined;
  const message = "no program reads this as an ignore comment";
  const hadolint = hadolintLoose.exec(text);
  if (hadolint)
    return {
      message,
      meant: `${hadolintStart(hadolint[1])}${ids(hadolint[2]).join(",").toUpperCase()}${asReason(hadolint[3])}`,
    };
  const plimsoll = ownLoose.exec(text);
  if (plimsoll)
    return {
      message,
      meant: `plimsoll ignore${plimsoll[1]?.toLowerCase() ?? ""}=${ids(plimsoll[2]).join(",")}${asReason(plimsoll[3])}`,
    };
  const trivy = trivyLoose.exec(text);
  if (trivy)
    return {
      message,
      meant:
        ids(trivy[2])
          .map((id) => `${trivy[1]?.toLowerCase()}:ignore:${id}`)
          .join(" ") + asReason(trivy[3]),
    };
  const check = checkLoose.exec(text);
  return check ? { message, meant: `check=skip=${ids(check[1]).join(",")}` } : undefined;
}

/** What hadolint passes over although other programs read it: it takes the whole comment for prose then. */
function inHadolint(scope: string | undefined, named: readonly string[], rest: string): Misspelt | undefined {
  const start = hadolintStart(scope);
  const tail = rest.trim();
  const isCode = new RegExp(`^${code}$`, "i");
  const codes = named.filter((id) => isCode.test(id));
  // An id of another program alone is meant for a program that reads it.
  if (codes.length === 0) return undefined;
  const more = new RegExp(`^(${list(code)})(${reason})$`, "i").exec(tail);
  if (more)
    return {
      message: "ids are told apart by commas: what stands behind the space is not read",
      meant: `${start}${[...named, ...ids(more[1])].join(",")}${asReason(more[2])}`,
    };
  if (tail !== "" && !tail.startsWith("#") && !tail.startsWith(","))
    return {
      message: "hadolint takes all of this for prose: a reason begins with a # of its own",
      meant: `${start}${named.join(",")}${asReason(tail)}`,
    };
  const others = named.filter((id) => !isCode.test(id));
  if (others.length > 0)
    return {
      message: "hadolint takes all of this for prose: it has codes of its own only",
      meant: `${start}${codes.join(",").toUpperCase()}${asReason(tail)}`,
      besides: `plimsoll ignore${scope === undefined ? "" : scope.toLowerCase() === "global" ? "-file" : "-stage"}=${others.join(",")}`,
    };
  if (codes.some((id) => id !== id.toUpperCase()))
    return {
      message: "hadolint takes all of this for prose: its codes are in capitals",
      meant: `${start}${named.join(",").toUpperCase()}${asReason(tail)}`,
    };
  return undefined;
}

function hadolintStart(scope: string | undefined): string {
  return `hadolint ${scope === undefined ? "" : `${scope.toLowerCase()} `}ignore=`;
}

function ids(text: string | undefined): readonly string[] {
  return (text ?? "").split(/[\s,]+/).filter((id) => id !== "");
}

function asReason(text: string | undefined): string {
  const words = (text ?? "").trim().replace(/^(?:#|--|\/\/|:|-)\s*/, "");
  // A comment inside a continued line needs no `\\` of its own.
  return words === "" || words === "\\" ? "" : ` # ${words}`;
}
