import type { Edit } from "../../core/index.ts";
import {
  continuationStyle,
  type Dockerfile,
  insertAt,
  isEditable,
  joinRuns,
  replaceRange,
  type RunInstruction,
  shippedStages,
} from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { sameFlags } from "../reading/run-flags.ts";
import type { Rule } from "../rule.ts";

export const consecutiveRuns: Rule<"dockerfile"> = {
  id: "consecutive-runs",
  subject: "dockerfile",
  aim: "size",
  severity: "info",

  summary: "RUNs that follow each other make a layer each",
  why: `Every RUN adds a layer with its own copy of each file it changes. Short steps that belong together are one RUN joined with \`&&\`. Long ones may well stay
apart, for the cache: only RUNs of at most two commands are reported.`,
  aliases: ["DL3059"],
  *check({ dockerfile }) {
    for (const stage of dockerfile.stages) {
      if (!shippedStages(dockerfile).has(stage.index)) continue;
      for (let i = 1; i < stage.instructions.length; i++) {
        const first = stage.instructions[i - 1];
        const second = stage.instructions[i];
        if (
          first?.keyword !== "RUN" ||
          second?.keyword !== "RUN" ||
          !isShort(first) ||
          !isShort(second) ||
          !sameFlags(first, second)
        )
          continue;
        if (first.form !== second.form || isBuildStep(first) !== isBuildStep(second)) continue;
        yield {
          message: "this RUN could be part of the one before",
          at: inSource(dockerfile, second.keywordRange),
          ...safeFix("Join it with the RUN before", join(dockerfile, first, second)),
        };
      }
    }
  },
  examples: [
    {
      title: "two short steps",
      text: "FROM debian:12\nRUN mkdir /a\n«RUN» touch /a/b\n",
      fixed: "FROM debian:12\nRUN mkdir /a \\\n    && touch /a/b\n",
    },
    {
      title: "what changes the shell stays in its own",
      text: "FROM debian:12\nRUN cd /a && touch b\n«RUN» ls\n",
      fixed: "FROM debian:12\nRUN ( cd /a && touch b ) \\\n    && ls\n",
    },
    {
      title: "an alternative is kept together",
      text: "FROM debian:12\nRUN ls\n«RUN» test -e /a || exit 1\n",
      fixed: "FROM debian:12\nRUN ls \\\n    && ( test -e /a || exit 1 )\n",
    },
    { title: "other flags", text: "FROM debian:12\nRUN ls\nRUN --mount=type=secret,id=x cat /run/secrets/x\n" },
    { title: "long ones", text: "FROM debian:12\nRUN a && b && c\nRUN d && e && f\n" },
    { title: "an install is cached apart from what is built", text: "FROM node:20\nRUN npm ci\nRUN npm run build\n" },
    {
      title: "a build stage is not shipped",
      text: "FROM debian:12 AS build\nRUN a\nRUN b\nFROM scratch\nCOPY --from=build /a /a\n",
    },
  ],
};

function isShort(run: RunInstruction): boolean {
  return (
    !run.script.broken &&
    run.heredocs.length === 0 &&
    run.script.commands.length > 0 &&
    run.script.commands.filter((command) => command.depth === 0).length <= 2
  );
}

const buildSteps =
  /^(?:npm|yarn|pnpm|make|go|cargo|mvn|gradle|dotnet|javac|jar|tsc|webpack|vite|poetry|uv|bundle|composer|pip\d?)$/;

/** Steps that compile or install from the project: joining them with others would spoil the cache. */
function isBuildStep(run: RunInstruction): boolean {
  return run.script.commands.some((command) => buildSteps.test(command.name))
    ? !/\b(?:install|ci|download|restore)\b/.test(run.argumentsText)
    : false;
}

const leaks: ReadonlySet<string> = new Set([
  "cd",
  "export",
  "set",
  "umask",
  "source",
  ".",
  "alias",
  "unset",
  "pushd",
  "popd",
  "trap",
  "exit",
  "eval",
  "shopt",
  "ulimit",
]);

/** In a subshell, what `cd`, `export` or `set` do ends with it; so does an `||` that would otherwise take in what comes behind. */
function join(dockerfile: Dockerfile, first: RunInstruction, second: RunInstruction): readonly Edit[] | undefined {
  if (pragmaBetween(dockerfile, first, second) || !isEditable(first) || !isEditable(second)) return undefined;
  const edits = joinRuns(dockerfile, first, second);
  const between = edits?.[0];
  if (!between) return undefined;
  const wrapFirst = needsWrap(first);
  const wrapSecond = second.script.commands.some(
    (command) =>
      command.depth === 0 && (command.joinedBy === "||" || command.joinedBy === ";" || command.joinedBy === "&"),
  );
  if (!wrapFirst && !wrapSecond) return edits;
  if (continuationStyle(dockerfile, first) && wrapFirst) return undefined;
  const text = `${wrapFirst ? " )" : ""}${between.text}${wrapSecond ? "( " : ""}`;
  return [
    ...(wrapFirst ? [insertAt(dockerfile, first.argumentsRange.start, "( ")] : []),
    replaceRange(dockerfile, between.range, text),
    ...(wrapSecond ? [insertAt(dockerfile, second.argumentsRange.end, " )")] : []),
  ];
}

function needsWrap(run: RunInstruction): boolean {
  return run.script.commands.some(
    (command) =>
      command.depth === 0 &&
      (leaks.has(command.name) || command.name === "" || command.joinedBy === ";" || command.joinedBy === "&"),
  );
}

/** A comment that ignores something, or that another tool reads, belongs to the RUN it stands above. */
function pragmaBetween(dockerfile: Dockerfile, first: RunInstruction, second: RunInstruction): boolean {
  return dockerfile.comments.some(
    ({ text, range }) =>
      range.start >= first.range.end &&
      range.end <= second.range.start &&
      /ignore|check\s*=|renovate|nosemgrep|checkov/i.test(text),
  );
}
