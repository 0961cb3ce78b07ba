import { insertAt, readDirective, replaceRange } from "../../syntax/index.ts";
import { assistedFix, inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const directiveIgnored: Rule<"dockerfile"> = {
  id: "directive-ignored",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",

  summary: "A parser directive that comes too late is only a comment",
  why: `\`syntax\`, \`escape\` and \`check\` count at the very top of the file, before any other comment, blank line or instruction. Further down Docker takes them as
comments and says nothing: the build uses another syntax, or another escape character, than the author believes.`,

  *check({ dockerfile }) {
    const { text } = dockerfile.source;
    const seen = new Set(dockerfile.directives.map(({ name }) => name));
    for (const comment of dockerfile.comments) {
      const found = readDirective(text.slice(comment.range.start, comment.range.end));
      if (!found?.known || seen.has(found.name) || !looksMeant(found.name, found.value)) continue;
      const first = dockerfile.instructions[0];
      if (first && comment.range.start > first.range.start && found.name !== "syntax") continue;
      seen.add(found.name);
      const line = text.slice(comment.range.start, comment.range.end);
      const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
      const lineEnd = text.indexOf("\n", comment.range.end);
      const whole = {
        start: text.lastIndexOf("\n", comment.range.start - 1) + 1,
        end: lineEnd < 0 ? text.length : lineEnd + 1,
      };
      const edits = [insertAt(dockerfile, start, line + dockerfile.newline), replaceRange(dockerfile, whole, "")];
      const changes = found.name === "escape";
      yield {
        message: `this ${found.name} directive is only a comment here: it must be at the very top`,
        at: inSource(dockerfile, comment.range),
        ...(changes
          ? assistedFix("Move it to the top, if the file is written for it")
          : safeFix("Move it to the top", whole.start > start ? edits : undefined)),
      };
    }
  },
  examples: [
    {
      title: "after another comment",
      text: "# build of the app\n«# syntax=docker/dockerfile:1»\nFROM a\n",
      fixed: "# syntax=docker/dockerfile:1\n# build of the app\nFROM a\n",
    },
    { title: "escape changes how the file is read", text: "\n«# escape=`»\nFROM a\n" },
    { title: "at the top", text: "# syntax=docker/dockerfile:1\n# check=skip=all\n\n# text\nFROM a\n" },
    { title: "a per-instruction check comment", text: "FROM a\n# check=skip=StageNameCasing\nRUN ls\n" },
  ],
};

/** Prose can look like a directive: "# check = the build passes". */
function looksMeant(name: string, value: string): boolean {
  if (name === "syntax") return /^[\w./-]+(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?$/.test(value);
  return name === "escape" ? value === "\\" || value === "`" : /^(?:skip|error|experimental)=/.test(value);
}
