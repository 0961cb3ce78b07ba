import { insertAt, instructionsOf } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const copyManyNeedsSlash: Rule<"dockerfile"> = {
  id: "copy-many-needs-slash",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",

  summary: "Several sources need a destination that ends in a slash",
  why: `With more than one source the destination must be a directory and say so with a trailing slash. Otherwise the build fails, on some builders only once a
glob matches a second file.`,
  aliases: ["DL3021", "DS-0011"],
  *check({ dockerfile }) {
    for (const copy of [...instructionsOf(dockerfile, "COPY"), ...instructionsOf(dockerfile, "ADD")]) {
      const { target, sources, heredocs } = copy;
      const value = target.value ?? target.raw;
      if (
        sources.length + heredocs.length < 2 ||
        value === "" ||
        value.endsWith("/") ||
        value === "." ||
        value === ".." ||
        (target.value === undefined && target.raw.includes("$"))
      )
        continue;
      if (value.endsWith("/.")) continue;
      const quoted = target.raw.endsWith('"');
      yield {
        message: "several sources need a directory, written with a slash at the end",
        at: inSource(dockerfile, target.range),
        ...safeFix("End it with a slash", [insertAt(dockerfile, target.range.end - (quoted ? 1 : 0), "/")]),
      };
    }
  },
  examples: [
    { title: "two files", text: "FROM a\nCOPY a b «/dst»\n", fixed: "FROM a\nCOPY a b /dst/\n" },
    { title: "in JSON form", text: 'FROM a\nCOPY ["a", "b", «"/dst"»]\n', fixed: 'FROM a\nCOPY ["a", "b", "/dst/"]\n' },
    { title: "a slash, a dot, one source", text: "FROM a\nCOPY a b /dst/\nCOPY a b .\nCOPY a /dst\n" },
  ],
};
