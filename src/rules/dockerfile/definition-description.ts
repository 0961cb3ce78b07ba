import { type Comment, type Dockerfile, insertAt, instructionsOf } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const definitionDescription: Rule<"dockerfile"> = {
  id: "definition-description",
  subject: "dockerfile",
  aim: "style",
  severity: "info",
  optIn: true,
  summary: "The comment above a stage or an argument does not begin with its name",
  why: `\`docker build --call=outline\` and \`--call=targets\` show the comment right above \`FROM … AS name\` or \`ARG name\` as the
description of that stage or argument, if it begins with the name: \`# name what it is for\`. Another comment there is either a
description that is never shown, or none at all; a line with \`#\` alone keeps the latter apart. BuildKit's own check is
experimental, so this one is off until it is turned on.`,
  aliases: ["InvalidDefinitionDescription"],
  *check({ dockerfile }) {
    for (const { index, names } of definitions(dockerfile)) {
      const block = commentsAbove(dockerfile, index);
      const last = block.at(-1);
      if (!last || block.some(({ text }) => names.includes(text.split(/\s/)[0] ?? "") || isForTools(text))) continue;
      const at = dockerfile.source.text.indexOf("\n", last.range.end) + 1;
      const [name, another] = names;
      yield {
        message: `a description here begins with ${another === undefined ? name : "the name it describes"}`,
        at: inSource(dockerfile, last.range),
        ...safeFix("Keep the comment apart with an empty one", insertAt(dockerfile, at, `#${dockerfile.newline}`)),
      };
    }
  },
  examples: [
    {
      title: "a stage",
      text: "«# Here the program is compiled»\nFROM golang:1.24 AS build\nRUN make\n",
      fixed: "# Here the program is compiled\n#\nFROM golang:1.24 AS build\nRUN make\n",
    },
    {
      title: "an argument, and the last line of several",
      text: "FROM debian:12\n# which release\n«# is installed»\nARG VERSION=1\n",
      fixed: "FROM debian:12\n# which release\n# is installed\n#\nARG VERSION=1\n",
    },
    {
      title: "several arguments in one",
      text: "FROM debian:12\n«# who runs it»\nARG UID=1000 GID=1000\n",
      fixed: "FROM debian:12\n# who runs it\n#\nARG UID=1000 GID=1000\n",
    },
    {
      title: "a name that goes on is another name",
      text: "«# builder image»\nFROM debian:12 AS build\n",
      fixed: "# builder image\n#\nFROM debian:12 AS build\n",
    },
    {
      title: "descriptions",
      text: "# build compiles\nFROM golang:1.24 AS build\n# VERSION is the release\n# to install\nARG VERSION=1\n# GID of the files\nARG UID=1 GID=1\n",
    },
    { title: "a stage without a name", text: "# the image that ships\nFROM debian:12\n" },
    { title: "kept apart", text: "# Arguments\n\nARG VERSION=1\n# Stages\n#\nFROM debian:12 AS build\n" },
    {
      title: "directives, and comments that programs read",
      text: "# syntax=docker/dockerfile:1\nFROM debian:12 AS build\n# renovate: datasource=github-releases depName=a/b\nARG VERSION=1\n# hadolint ignore=DL3006\nFROM debian:12 AS other\n",
    },
    { title: "other instructions", text: "FROM debian:12\n# the settings\nENV A=b\n# the files\nCOPY x /x\n" },
  ],
};

/** The instructions whose comment is shown, and the names it may begin with. */
function definitions(dockerfile: Dockerfile): readonly { readonly index: number; readonly names: readonly string[] }[] {
  return [
    ...instructionsOf(dockerfile, "FROM").map(({ index, as }) => ({ index, names: as ? [as.value ?? as.raw] : [] })),
    ...instructionsOf(dockerfile, "ARG").map(({ index, pairs }) => ({
      index,
      names: pairs.map(({ name }) => name.raw),
    })),
  ].filter(({ names }) => names.length > 0);
}

/** The comments in the lines right above an instruction, without a blank line or an empty comment between. */
function commentsAbove({ instructions, comments, source }: Dockerfile, index: number): readonly Comment[] {
  const after = instructions[index - 1]?.range.end ?? 0;
  let next = instructions[index]?.range.start ?? 0;
  const block: Comment[] = [];
  for (const comment of comments.filter(({ range }) => range.start >= after && range.end <= next).toReversed()) {
    const between = source.text.slice(comment.range.end, next);
    if (comment.text === "" || between.trim() !== "" || between.split("\n").length !== 2) break;
    block.unshift(comment);
    next = comment.range.start;
  }
  return block;
}

/** Comments for other programs hold for the line below and must stay there. */
function isForTools(text: string): boolean {
  return /^(?:hadolint|plimsoll|renovate|check\s*=|trivy|tfsec|checkov|nosemgrep|shellcheck|dive|snyk|semgrep)\b|^\S*:\s*(?:ignore|datasource)\b/i.test(
    text,
  );
}
