import type { SourceRange } from "../../core/index.ts";
import { type Dockerfile, replaceRange } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const badExecJson: Rule<"dockerfile"> = {
  id: "bad-exec-json",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",

  summary: "This looks like a JSON form and is none, so Docker runs it as shell text",
  why: `The exec form must be a JSON array: double quotes, no trailing comma, straight quotes. Anything else is silently taken as a shell command, and the shell
then looks for a program called \`[\`.`,
  check: whereSaid(/\[/, function* ({ dockerfile }) {
    for (const instruction of dockerfile.instructions) {
      if (!("form" in instruction) || instruction.form === "exec") continue;
      const { argumentsText: text, argumentsRange: range, keyword } = instruction;
      const whole = keyword === "HEALTHCHECK" ? text.replace(/^cmd\s+/i, "") : text;
      if (!whole.startsWith("[") || /^\[\s*[-!]?[a-z]?\s+[^,]*\]\s*(?:&&|\|\|)/.test(whole) || whole.startsWith("[["))
        continue;
      if (!/^\[\s*(?:['"\u201c\u2018]|\])/.test(whole) && !/^\[[^\]]*,[^\]]*\]$/.test(whole)) continue;
      if (keyword === "COPY" || keyword === "ADD" || problemTold(dockerfile, range)) continue;
      const words = readLoosely(whole);
      const start = range.end - whole.length;
      const single = dockerfile.source.text.slice(range.start, range.end) === text;
      yield {
        message: "this is not a JSON array of strings, so Docker takes it as shell text",
        at: inSource(dockerfile, single ? { start, end: range.end } : range),
        ...safeFix(
          "Write it as JSON",
          words && single
            ? [
                replaceRange(
                  dockerfile,
                  { start, end: range.end },
                  `[${words.map((word) => JSON.stringify(word)).join(", ")}]`,
                ),
              ]
            : undefined,
        ),
      };
    }
  }),
  examples: [
    {
      title: "single quotes",
      text: "FROM a\nCMD «['node', 'server.js']»\n",
      fixed: 'FROM a\nCMD ["node", "server.js"]\n',
    },
    { title: "a trailing comma", text: 'FROM a\nENTRYPOINT «["a", "b",]»\n', fixed: 'FROM a\nENTRYPOINT ["a", "b"]\n' },
    { title: "typographic quotes", text: "FROM a\nCMD «[\u201ca\u201d]»\n", fixed: 'FROM a\nCMD ["a"]\n' },
    { title: "a test is shell", text: "FROM a\nRUN [ -f /x ] && echo yes\nRUN [[ -z $A ]]\n" },
    { title: "JSON", text: 'FROM a\nCMD ["a", "b"]\n' },
  ],
};

/** The words meant, when every one is quoted the same plain way; undefined where that is not sure. */
function readLoosely(text: string): readonly string[] | undefined {
  const inside = /^\[(.*)\]$/s.exec(text.trim())?.[1];
  if (inside === undefined) return undefined;
  const words: string[] = [];
  for (const part of inside.replace(/,\s*$/, "").split(",")) {
    const match =
      /^\s*(?:'([^'"\\]*)'|"([^"\\]*)"|[\u201c\u201d]([^\u201c\u201d"\\]*)[\u201c\u201d]|[\u2018\u2019]([^\u2018\u2019"\\]*)[\u2018\u2019])\s*$/.exec(
        part,
      );
    if (!match) return undefined;
    words.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? "");
  }
  return words;
}

/** A JSON array of other things than strings is a syntax problem already. */
function problemTold(dockerfile: Dockerfile, range: SourceRange): boolean {
  return dockerfile.problems.some((problem) => problem.range.start === range.start && problem.message.includes("JSON"));
}
