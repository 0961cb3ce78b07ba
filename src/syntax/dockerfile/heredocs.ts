import { CARRIAGE_RETURN, DOUBLE_QUOTE, SINGLE_QUOTE, BACKSLASH, isSpace } from "./characters.ts";

export interface HeredocStart {
  readonly name: string;
  readonly stripTabs: boolean;
  readonly expand: boolean;
  /** [start, end) of the operator and its delimiter in the joined line. */
  readonly start: number;
  readonly end: number;
}

const operator = /^\d*<<(-?)([^<]+)$/;

/** The heredocs a joined line opens, as BuildKit finds them: whole words of the form `<<NAME`, `<<-NAME`, `3<<"NAME"`. */
export function findHeredocs(text: string, from: number): readonly HeredocStart[] {
  const found: HeredocStart[] = [];
  let at = from;
  while (at < text.length) {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    const start = at;
    let quote = 0;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (quote === 0) {
        if (isSpace(code)) break;
        if (code === SINGLE_QUOTE || code === DOUBLE_QUOTE) quote = code;
        else if (code === BACKSLASH) at++;
      } else if (code === quote) quote = 0;
      else if (code === BACKSLASH && quote === DOUBLE_QUOTE) at++;
    }
    at = Math.min(at, text.length);
    const match = operator.exec(text.slice(start, at));
    const written = match?.[2];
    if (!written || quote !== 0) continue;
    const name = unquote(written);
    if (name === "" || /\s/.test(name)) continue;
    found.push({ name, stripTabs: match[1] === "-", expand: name === written, start, end: at });
  }
  return found;
}

function unquote(text: string): string {
  let result = "";
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? "";
    if (quote === "" && (character === "'" || character === '"')) quote = character;
    else if (character === quote) quote = "";
    else if (character === "\\" && quote !== "'") result += text[++i] ?? "";
    else result += character;
  }
  return result;
}

export interface HeredocEnd {
  readonly bodyEnd: number;
  readonly terminatorEnd: number;
  /** Where the line after the terminator begins. */
  readonly next: number;
}

/** Most characters that vain searches for terminators may read in one file: keeps a hostile file linear. */
const searchBudget = 1 << 26;

/** Finds terminating lines; counts what vain searches cost. */
export class TerminatorSearch {
  #left = searchBudget;
  readonly #text: string;
  readonly #absent = new Set<string>();

  constructor(text: string) {
    this.#text = text;
  }

  /** The first line from `from` on that is `name` (behind tabs, when they are stripped). */
  find(name: string, stripTabs: boolean, from: number): HeredocEnd | undefined {
    if (this.#absent.has(name) || this.#left <= 0) return undefined;
    const text = this.#text;
    for (let at = text.indexOf(name, from); at >= 0; at = text.indexOf(name, at + 1)) {
      this.#left--;
      let start = at;
      if (stripTabs) while (start > from && text[start - 1] === "\t") start--;
      if (start !== from && text[start - 1] !== "\n") continue;
      let end = at + name.length;
      while (text.charCodeAt(end) === CARRIAGE_RETURN) end++;
      if (end < text.length && text[end] !== "\n") continue;
      return { bodyEnd: start, terminatorEnd: at + name.length, next: Math.min(end + 1, text.length) };
    }
    this.#left -= text.length - from;
    this.#absent.add(name);
    return undefined;
  }
}
