import { isSpace } from "./characters.ts";

export interface JsonForm {
  readonly values: readonly string[];
  /** [start, end) of each string literal, quotes included, in the text given. */
  readonly spans: readonly number[];
}

/**
 * Reads a JSON array of strings that takes all of [from, to). Undefined when it is none: Docker then takes the text in shell form.
 * "not-strings" for a JSON array that holds anything else, which Docker refuses.
 */
export function readJsonForm(text: string, from: number, to: number): JsonForm | "not-strings" | undefined {
  let at = from;
  while (at < to && isSpace(text.charCodeAt(at))) at++;
  if (text[at] !== "[") return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.slice(at, to));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  if (!parsed.every((value): value is string => typeof value === "string")) return "not-strings";
  const spans: number[] = [];
  while (at < to) {
    if (text[at] !== '"') {
      at++;
      continue;
    }
    const start = at++;
    while (at < to && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    spans.push(start, ++at);
  }
  return { values: parsed, spans };
}
