/** An ignore comment, in whichever tool's dialect, read. */
export interface Pragma {
  readonly ids: readonly string[];
  readonly scope: "instruction" | "stage" | "file";
  readonly until?: string | undefined;
}

const idList = /^[A-Za-z0-9_*.-]+(?:\s*,\s*[A-Za-z0-9_*.-]+)*/;

/** Reads one comment's text (without `#`): Plimsoll's, hadolint's, BuildKit's and Trivy's ignore comments. */
export function readPragmas(text: string): readonly Pragma[] {
  if (text.length > 2000 || !/ignore|check/i.test(text)) return [];
  const own = /^plimsoll\s+ignore(-file|-stage)?\s*=\s*(.*)$/i.exec(text);
  if (own) {
    const ids = readIds(own[2] ?? "");
    const until = /\buntil=(\d{4}-\d{2}-\d{2})\b/.exec(own[2] ?? "")?.[1];
    return ids.length === 0
      ? []
      : [{ ids, scope: own[1] === "-file" ? "file" : own[1] === "-stage" ? "stage" : "instruction", until }];
  }
  const hadolint = /^hadolint\s+(?:(stage|global)\s+)?ignore\s*=\s*(.*)$/i.exec(text);
  if (hadolint)
    return [
      {
        ids: readIds(hadolint[2] ?? ""),
        scope: hadolint[1] === "global" ? "file" : hadolint[1] === "stage" ? "stage" : "instruction",
      },
    ];
  const check = /^check\s*=\s*(\S+)/i.exec(text);
  if (check) return readCheck(check[1] ?? "", "instruction");
  return readTrivy(text);
}

function readIds(text: string): string[] {
  return (idList.exec(text.trim())?.[0] ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
}

/** `skip=A,B;error=true` of a `check` directive or comment. */
export function readCheck(value: string, scope: Pragma["scope"]): readonly Pragma[] {
  const skip = value
    .split(";")
    .map((option) => /^skip=(.*)$/i.exec(option.trim())?.[1])
    .find((found) => found !== undefined);
  return skip === undefined
    ? []
    : [
        {
          ids: skip
            .split(",")
            .map((id) => (id.trim().toLowerCase() === "all" ? "*" : id.trim()))
            .filter((id) => id !== ""),
          scope,
        },
      ];
}

function readTrivy(text: string): readonly Pragma[] {
  const found: Pragma[] = [];
  for (const match of text.matchAll(/(?:trivy|tfsec):ignore:([A-Za-z0-9*_-]+)(?::exp:(\d{4}-\d{2}-\d{2}))?/g)) {
    found.push({ ids: [match[1] ?? ""], scope: "instruction", until: match[2] });
  }
  return found;
}
