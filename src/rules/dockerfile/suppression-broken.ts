import type { Edit, Problem, SourceRange } from "../../core/index.ts";
import {
  type Comment,
  type Dockerfile,
  insertLineBefore,
  type Instruction,
  readPragmas,
  replaceRange,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix, safeFix } from "../problem.ts";
import { type Misspelt, misspelt } from "../reading/misspelt-ignores.ts";
import { nearName } from "../reading/near-name.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Known, Rule } from "../rule.ts";

export const suppressionBroken: Rule<"dockerfile"> = {
  id: "suppression-broken",
  subject: "dockerfile",
  aim: "style",
  severity: "info",
  summary: "An ignore comment holds nothing back",
  why: `Programs say nothing of an ignore comment they cannot use; what it was to hold back is told again, or has been all along.
hadolint reads one comment, in the line right above the instruction: of several only the last counts, and a blank line or another
comment between makes it void. Plimsoll reads all comments above an instruction and inside it, so that for Plimsoll these are in
force; written as here, they are in force for both.`,
  check: whereSaid(/ignore|disable|check[\s:=]+skip/i, function* ({ dockerfile }, known) {
    const sound: Comment[] = [];
    for (const comment of [...checkDirectives(dockerfile), ...dockerfile.comments]) {
      const wrong = misspelt(comment.text);
      if (!wrong) {
        sound.push(comment);
        continue;
      }
      yield {
        message: wrong.message,
        at: inSource(dockerfile, comment.range),
        ...likelyFix(
          "Write it as it is read, if it is still to hold something back",
          rewrite(dockerfile, comment, wrong),
        ),
      };
    }
    yield* misplaced(dockerfile, sound);
    for (const comment of sound) yield* nearlyRules(dockerfile, comment, known);
  }),
  examples: [
    {
      title: "of two the last counts",
      text: "FROM debian:12\n«# hadolint ignore=DL3008»\n# hadolint ignore=DL3009,DL3008 # a tool\nRUN apt-get update\n",
      fixed: "FROM debian:12\n# hadolint ignore=DL3008,DL3009 # a tool\nRUN apt-get update\n",
    },
    {
      title: "a comment or a blank line between, and inside the instruction",
      text: "«# hadolint ignore=DL3006 # ours»\n# The base\nFROM debian\n«# hadolint ignore=DL3008»\n\nRUN apt-get update && \\\n    «# hadolint ignore=DL3009»\n    apt-get install -y curl\n",
      fixed:
        "# The base\n# hadolint ignore=DL3006 # ours\nFROM debian\n\n# hadolint ignore=DL3008,DL3009\nRUN apt-get update && \\\n    apt-get install -y curl\n",
    },
    {
      title: "not in the form that is read",
      text: "FROM debian:12\n«#hadolint ignore DL3008, DL3009»\n«# hadolint: ignore=dl3015 -- no need»\nRUN apt-get update\n«# plimsoll ignore no-user»\n«#trivy ignore: DS-0002»\nRUN ls\n",
      fixed:
        "FROM debian:12\n# hadolint ignore=DL3008,DL3009,DL3015 # no need\nRUN apt-get update\n# plimsoll ignore=no-user\n#trivy:ignore:DS-0002\nRUN ls\n",
    },
    {
      title: "words or codes behind the ids",
      text: "FROM debian:12\n«# hadolint ignore=DL3008 pins rot»\nRUN apt-get update\n«# hadolint ignore=DL3009 DL3015 # small»\nRUN apt-get update\n«# hadolint global ignore=dl3007»\nRUN ls\n",
      fixed:
        "FROM debian:12\n# hadolint ignore=DL3008 # pins rot\nRUN apt-get update\n# hadolint ignore=DL3009,DL3015 # small\nRUN apt-get update\n# hadolint global ignore=DL3007\nRUN ls\n",
    },
    {
      title: "a line that seems to go on",
      text: "FROM debian:12\n«# hadolint ignore=DL3008 \\»\nRUN apt-get update\n",
      fixed: "FROM debian:12\n# hadolint ignore=DL3008\nRUN apt-get update\n",
    },
    {
      title: "ids of several programs",
      text: "FROM debian:12\n  «#hadolint ignore=DL3008,no-user,DS-0002 # why»\nRUN apt-get update\n",
      fixed:
        "FROM debian:12\n  # plimsoll ignore=no-user,DS-0002\n  # hadolint ignore=DL3008 # why\nRUN apt-get update\n",
    },
    {
      title: "a list of checks with a space",
      text: "«# check=skip=StageNameCasing, FromAsCasing»\nFROM debian:12 as X\n",
      fixed: "# check=skip=StageNameCasing,FromAsCasing\nFROM debian:12 as X\n",
    },
    {
      title: "nothing below, or no stage",
      text: "FROM debian:12\n«# hadolint stage ignore=DL3008»\nRUN ls\n«# hadolint ignore=DL3008»\n«# plimsoll ignore=no-user»\n",
    },
    {
      title: "a rule's name with a letter missing",
      text: "FROM debian:12\n# plimsoll ignore=«no-usr»,apt-lists-kept\nRUN ls\n",
      fixed: "FROM debian:12\n# plimsoll ignore=no-user,apt-lists-kept\nRUN ls\n",
    },
    {
      title: "right above",
      text: "# hadolint global ignore=DL3008\n\n# hadolint stage ignore=DL3006,SC2086 # why\nFROM debian\n# Installs\n# hadolint ignore=DL3008 , DL3009 # why # not\nRUN apt-get update && \\\n    # a comment\n    apt-get install -y curl\n",
    },
    {
      title: "other programs read all that stand above",
      text: "FROM debian:12\n# plimsoll ignore=apt-lists-kept reason=a tool until=2027-01-01\n#trivy:ignore:DS-0002 trivy:ignore:DS-0029\n\n# check=skip=StageNameCasing\nRUN apt-get update\n",
    },
    {
      title: "ids that other programs know",
      text: "FROM debian:12\n# hadolint ignore=DS-0002\nUSER root\n# plimsoll ignore=DL9999,image-no-such,my-own-rule\nRUN ls\n",
    },
    {
      title: "prose",
      text: "# hadolint ignores DL3008 in stages that do not ship\n# hadolint ignore DL3008 was here once, and is needed no more\n# plimsoll ignore this\n# check: skip this\nFROM debian:12\n# trivy would ignore it\nRUN ls\n",
    },
    {
      title: "in a heredoc it is no comment of the Dockerfile",
      text: "FROM debian:12\nRUN <<EOF\n# hadolint ignore DL3008\napt-get update\nEOF\n",
    },
  ],
};

/** The `check` directives, as comments. */
function checkDirectives({ directives, source }: Dockerfile): readonly Comment[] {
  return directives
    .filter(({ name }) => name === "check")
    .map(({ range }) => ({ text: source.text.slice(range.start + 1, range.end).trim(), range }));
}

/** A comment with other words, its `#` and the space behind it kept. */
function rewrite(dockerfile: Dockerfile, { range }: Comment, { meant, besides }: Misspelt): Edit {
  const { text } = dockerfile.source;
  const written = /^#+[ \t]*/.exec(text.slice(range.start, range.end))?.[0] ?? "# ";
  const sign = written.trimEnd() === written && !/^(?:trivy|tfsec):/.test(meant) ? `${written} ` : written;
  const indent = text.slice(wholeLine(dockerfile, range).start, range.start);
  const above = besides === undefined ? "" : `${sign}${besides}${dockerfile.newline}${indent}`;
  return replaceRange(dockerfile, range, `${above}${sign}${meant}`);
}

/** Comments that no instruction follows, or that hadolint does not find where they stand. */
function* misplaced(dockerfile: Dockerfile, comments: readonly Comment[]): Generator<Problem> {
  const above = new Map<Instruction, HadolintComment[]>();
  // Both lists are in the order of the text.
  let next = 0;
  for (const comment of comments) {
    const pragmas = readPragmas(comment.text);
    if (pragmas.every(({ scope }) => scope === "file")) continue;
    while ((dockerfile.instructions[next]?.range.end ?? Infinity) <= comment.range.start) next++;
    const target = dockerfile.instructions[next];
    if (!target) {
      yield {
        message: "no instruction follows that this could hold for",
        at: inSource(dockerfile, comment.range),
        ...assistedFix("Move it above the instruction it is meant for, or leave it out"),
      };
      continue;
    }
    const read = hadolintComment(comment);
    if (!read) continue;
    if (read.scope === "stage" && target.keyword !== "FROM") {
      yield {
        message: "for hadolint this is void: a stage is ignored right above its FROM",
        at: inSource(dockerfile, comment.range),
        ...assistedFix("Move it above FROM"),
      };
      continue;
    }
    const list = above.get(target);
    if (list) list.push(read);
    else above.set(target, [read]);
  }
  for (const [target, list] of above) yield* voidAbove(dockerfile, target, list);
}

interface HadolintComment {
  readonly comment: Comment;
  readonly scope: "stage" | "";
  readonly ids: readonly string[];
  readonly reason: string;
}

function hadolintComment(comment: Comment): HadolintComment | undefined {
  const match = /^hadolint\s+(stage\s+)?ignore\s*=\s*([DLSC0-9]+(?:\s*,\s*[DLSC0-9]+)*)\s*(?:#\s*(.*))?$/.exec(
    comment.text,
  );
  if (!match) return undefined;
  return {
    comment,
    scope: match[1] ? "stage" : "",
    ids: (match[2] ?? "").split(/\s*,\s*/),
    reason: match[3]?.trim() ?? "",
  };
}

/** Those above one instruction that are not in the one line that hadolint looks at; the first carries the fix of all. */
function* voidAbove(dockerfile: Dockerfile, target: Instruction, list: readonly HadolintComment[]): Generator<Problem> {
  const counts = list.find(({ comment }) => isRightAbove(dockerfile, comment, target));
  const useless = list.filter((one) => one !== counts);
  for (const [i, { comment }] of useless.entries())
    yield {
      message: "for hadolint this is void: it reads one comment, in the line right above the instruction",
      at: inSource(dockerfile, comment.range),
      ...(i > 0 ? {} : gather(dockerfile, target, list, counts)),
    };
}

function isRightAbove({ source }: Dockerfile, comment: Comment, target: Instruction): boolean {
  const lineEnd = source.text.indexOf("\n", comment.range.end);
  const next = source.text.indexOf("\n", lineEnd + 1);
  const { start } = target.range;
  return lineEnd >= 0 && start > lineEnd && (next < 0 || start < next);
}

/** One comment right above for all of them. */
function gather(
  dockerfile: Dockerfile,
  target: Instruction,
  list: readonly HadolintComment[],
  counts: HadolintComment | undefined,
): ReturnType<typeof safeFix> {
  const scopes = new Set(list.map(({ scope }) => scope));
  const last = dockerfile.comments.findLast(({ range }) => range.end <= target.range.start);
  const needsItsPlace = last !== undefined && last !== counts?.comment && needsTheNextLine.test(last.text);
  // Two scopes cannot share the one line, and other programs look at that line too.
  if (scopes.size > 1 || needsItsPlace)
    return assistedFix("Name all ids in one comment right above the instruction, or in .hadolint.yaml");
  const ids = [...new Set(list.flatMap((one) => one.ids))].join(",");
  const reasons = [...new Set(list.map(({ reason }) => reason).filter((reason) => reason !== ""))].join("; ");
  const scope = list[0]?.scope === "stage" ? "stage " : "";
  const line = `# hadolint ${scope}ignore=${ids}${reasons === "" ? "" : ` # ${reasons}`}`;
  const edits = list
    .filter((one) => one !== counts)
    .map(({ comment }) => replaceRange(dockerfile, wholeLine(dockerfile, comment.range), ""));
  edits.push(
    counts ? replaceRange(dockerfile, counts.comment.range, line) : insertLineBefore(dockerfile, target, line),
  );
  return safeFix("Name all ids in one comment right above the instruction", edits);
}

/** Comments of programs that look at the very next line. */
const needsTheNextLine = /^(?:renovate|nosemgrep|checkov|snyk|dive)\b/i;

function wholeLine({ source: { text } }: Dockerfile, range: SourceRange): SourceRange {
  const end = text.indexOf("\n", range.end);
  return { start: text.lastIndexOf("\n", range.start - 1) + 1, end: end < 0 ? text.length : end + 1 };
}

/** Ids that no rule has and that are one letter away from one. */
function* nearlyRules(dockerfile: Dockerfile, comment: Comment, { ruleNames }: Known): Generator<Problem> {
  for (const { ids } of readPragmas(comment.text))
    for (const id of ids) {
      // Codes differ by a digit without being meant for one another; rules about images are known elsewhere.
      if (/\d|\*|^image-/.test(id) || ruleNames.some((name) => name.toLowerCase() === id.toLowerCase())) continue;
      const near = nearName(
        id,
        ruleNames.filter((name) => !/\d/.test(name)),
      );
      const at = dockerfile.source.text.indexOf(id, comment.range.start);
      if (near === undefined || at < 0 || at >= comment.range.end) continue;
      const range = { start: at, end: at + id.length };
      yield {
        message: `there is no rule ${id}`,
        at: inSource(dockerfile, range),
        ...likelyFix(`Write ${near}, if that is meant`, replaceRange(dockerfile, range, near)),
      };
    }
}
