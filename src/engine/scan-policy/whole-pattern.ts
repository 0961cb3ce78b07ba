import { invalid } from "./ignore-fields.ts";

const longestPattern = 256;
const longestText = 512;
const mostRepeats = 3;

/**
 * A regular expression of a configuration, against whole names. Configurations come with repositories of strangers, and
 * JavaScript's expressions can take forever: what could (repeated groups, references, more than a few repeats) is refused.
 * @throws PlimsollError config.invalid
 */
export function wholePattern(pattern: string, place: string): (text: string) => boolean {
  if (/^[\w@/:+~-]*$/.test(pattern) && !pattern.includes("+")) return (text) => text === pattern;
  const bare = pattern.replace(/\\[^1-9bBk]/g, "x").replace(/\[\^?\]?[^\]]*\]/g, "x");
  const repeats = bare.match(/[*+]|\{\d*,\d*\}/g)?.length ?? 0;
  if (pattern.length > longestPattern || repeats > mostRepeats || /\)[*+?{]|\\|\(\?(?!:)|\{\d{3,}/.test(bare))
    throw invalid(
      `${place}: the expression is one that could take too long`,
      "write it with fewer repeats and without repeated groups",
    );
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    throw invalid(
      `${place}: ${pattern} is no regular expression`,
      "escape signs that mean themselves with a backslash",
    );
  }
  return (text) => text.length <= longestText && expression.test(text);
}
