import { instructionsOf, replaceRange } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const legacyKeyValue: Rule<"dockerfile"> = {
  id: "legacy-key-value",
  subject: "dockerfile",
  aim: "style",
  severity: "info",

  summary: "ENV and LABEL without = take the rest of the line as one value",
  why: `\`ENV name value\` is the old form: it sets one variable, keeps every blank, and surprises whoever adds a second one. BuildKit warns of it and it may be
dropped. \`ENV name="value"\` means the same and says so.`,
  aliases: ["LegacyKeyValueFormat"],
  *check({ dockerfile }) {
    for (const instruction of [...instructionsOf(dockerfile, "ENV"), ...instructionsOf(dockerfile, "LABEL")]) {
      const [pair] = instruction.pairs;
      if (!instruction.legacy || !pair?.value) continue;
      const value = quote(pair.value.raw, dockerfile.escape);
      const between = { start: pair.name.range.end, end: pair.value.range.end };
      yield {
        message: `write ${instruction.keyword} name=value`,
        at: inSource(dockerfile, pair.range),
        ...safeFix(
          "Use name=value",
          value === undefined || dockerfile.source.text.slice(between.start, between.end).includes("\n")
            ? undefined
            : [replaceRange(dockerfile, between, `=${value}`)],
        ),
      };
    }
  },
  examples: [
    { title: "one word", text: "FROM a\nENV «LANG C.UTF-8»\n", fixed: "FROM a\nENV LANG=C.UTF-8\n" },
    { title: "several words", text: "FROM a\nLABEL «note  two words»\n", fixed: 'FROM a\nLABEL note="two words"\n' },
    { title: "what is quoted stays so", text: 'FROM a\nENV «NAME "a b"»\n', fixed: 'FROM a\nENV NAME="a b"\n' },
    { title: "a variable stays one", text: "FROM a\nENV «P $HOME/x y»\n", fixed: 'FROM a\nENV P="$HOME/x y"\n' },
    { title: "the new form", text: "FROM a\nENV A=1 B=2\nARG C\n" },
  ],
};

/** The legacy value as one word of the new form: what Docker reads is the same. */
function quote(raw: string, escape: string): string | undefined {
  if (/^[\w@%+:,./$(){}~-]+$/.test(raw) && !raw.endsWith(escape)) return raw;
  if (/^"[^"\\`]*"$/.test(raw) || /^'[^']*'$/.test(raw)) return raw;
  // Quotes inside a legacy value are taken away like anywhere else; how they mix with blanks is left to the author.
  return /["'\\`]/.test(raw) ? undefined : `"${raw}"`;
}
