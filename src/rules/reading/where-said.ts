import { type Dockerfile, remembered } from "../../syntax/index.ts";
import type { Rule } from "../rule.ts";

type Check = Rule<"dockerfile">["check"];

/**
 * A check that is not begun in a file without the words it is about: most rules are about one program, and most files do not
 * name it. The words are looked for in the text as written, so they must be ones that no finding of the rule can do without.
 */
export function whereSaid(words: RegExp, check: Check): Check {
  return (subject, known) => {
    const { dockerfile } = subject;
    return words.test(dockerfile.source.text) || brokenWords(dockerfile).some ? check(subject, known) : nothing;
  };
}
const nothing: readonly never[] = [];

/** Whether a word goes on in the next line: then nothing can be told from the text alone. */
const brokenWords = remembered(({ source }: Dockerfile) => ({
  some: /[^\s\\`][\\`][ \t]*\r?\n[^\s#]/.test(source.text),
}));
