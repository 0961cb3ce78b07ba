import { BACKSLASH, DASH, DOUBLE_QUOTE, SINGLE_QUOTE, isSpace } from "./characters.ts";

export interface FlagSpan {
  /** "from" in `--from=x`. */
  readonly name: string;
  /** With quotes and escapes resolved; undefined without `=`. */
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
  /** Where the value begins, behind `=`. */
  readonly valueStart: number;
}

/** Reads the `--name=value` words at the start of [from, to); returns them and where the arguments begin. Escapes are always backslashes here. */
export function readFlags(text: string, from: number, to: number): { flags: readonly FlagSpan[]; next: number } {
  const flags: FlagSpan[] = [];
  let at = from;
  for (;;) {
    while (at < to && isSpace(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) !== DASH || text.charCodeAt(at + 1) !== DASH || at + 1 >= to) return { flags, next: at };
    const start = at;
    let word = "";
    let quote = 0;
    let equals = -1;
    for (; at < to; at++) {
      const code = text.charCodeAt(at);
      if (quote === 0 && isSpace(code)) break;
      if (quote === 0 && (code === SINGLE_QUOTE || code === DOUBLE_QUOTE)) quote = code;
      else if (quote !== 0 && code === quote) quote = 0;
      else {
        if (code === BACKSLASH) {
          if (at + 1 >= to) continue;
          at++;
        }
        if (equals < 0 && text[at] === "=") equals = at;
        word += text[at];
      }
    }
    if (word === "--") return { flags, next: at };
    const split = word.indexOf("=");
    flags.push({
      name: split < 0 ? word.slice(2) : word.slice(2, split),
      value: split < 0 ? undefined : word.slice(split + 1),
      start,
      end: at,
      valueStart: equals < 0 ? at : equals + 1,
    });
  }
}
