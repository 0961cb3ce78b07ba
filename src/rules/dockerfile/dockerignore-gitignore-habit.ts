import { parseDockerignore } from "../../syntax/index.ts";
import { likelyFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const dockerignoreGitignoreHabit: Rule<"dockerfile"> = {
  id: "dockerignore-gitignore-habit",
  subject: "dockerfile",
  aim: "size",
  severity: "low",

  summary: "A .dockerignore line is written as for .gitignore and does less",
  why: `Patterns of a \`.dockerignore\` are anchored at the context: \`node_modules\` leaves out the one at the top and none below, where \`.gitignore\` means all of them.
A \`#\` behind a pattern is part of it. And the last line that matches decides, so a later line can undo an exception.`,

  *check({ context }) {
    if (!context?.ignoreFile) return;
    const { path, text } = context.ignoreFile;
    const ignore = parseDockerignore(context.ignoreFile);
    for (const [i, pattern] of ignore.patterns.entries()) {
      const at = { kind: "source" as const, path, range: pattern.range };
      const written = text.slice(pattern.range.start, pattern.range.end);
      const inline = /\s+#/.exec(written);
      if (inline) {
        const edit = { path, range: { start: pattern.range.start + inline.index, end: pattern.range.end }, text: "" };
        yield {
          message: "a # behind a pattern is part of the pattern",
          at,
          ...likelyFix("Drop the comment, if it is one", [edit]),
        };
        continue;
      }
      if (pattern.negated) {
        const undone = ignore.patterns.slice(i + 1).find((later) => !later.negated && later.matches(pattern.pattern));
        if (undone)
          yield {
            message: "a later line takes this exception back",
            at,
            related: [{ at: { kind: "source", path, range: undone.range }, message: "this line" }],
          };
        continue;
      }
      if (/[/*?[]/.test(pattern.pattern) || written.startsWith("/")) continue;
      const deeper = context.files.find(
        (file) =>
          !file.ignored &&
          file.path.includes(`/${pattern.pattern}`) &&
          file.path.split("/").slice(1).includes(pattern.pattern),
      );
      if (!deeper) continue;
      const edit = { path, range: { start: pattern.range.start, end: pattern.range.start }, text: "**/" };
      yield {
        message: `this matches at the top only: ${deeper.path} is still sent`,
        at,
        ...likelyFix("Match it at any depth, if those below are not needed either", [edit]),
      };
    }
  },
  examples: [
    {
      title: "deeper ones are sent",
      text: "FROM a\nCOPY . .\n",
      context: { ".dockerignore": "«node_modules»\n", "web/node_modules/a.js": "x" },
      fixedFiles: { ".dockerignore": "**/node_modules\n" },
    },
    {
      title: "a comment behind a pattern",
      text: "FROM a\nCOPY . .\n",
      context: { ".dockerignore": "«*.log # noise»\n", "a.log": "x" },
      fixedFiles: { ".dockerignore": "*.log\n" },
    },
    {
      title: "an exception undone",
      text: "FROM a\nCOPY . .\n",
      context: { ".dockerignore": "*\n«!src»\nsrc\n", "src/a": "x" },
    },
    {
      title: "at any depth",
      text: "FROM a\nCOPY . .\n",
      context: { ".dockerignore": "**/node_modules\n*\n!src\n", "web/node_modules/a.js": "x" },
    },
  ],
};
