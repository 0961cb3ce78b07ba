import { isSpace } from "./characters.ts";

/** A variable's value; null when it is known to be unset, undefined when nobody can know before the build. */
export type Lookup = (name: string) => string | null | undefined;

export interface VariableUse {
  readonly name: string;
  /** [start, end) in the text given, `$` and braces included. */
  readonly start: number;
  readonly end: number;
  /** ":-" in `${X:-y}`; empty without one. */
  readonly modifier: string;
}

export interface Expansion {
  /** With quotes and escapes resolved; undefined when a variable's value is not known, or on an error. */
  readonly value: string | undefined;
  readonly variables: readonly VariableUse[];
  /** What BuildKit would refuse. */
  readonly error?: string | undefined;
}

const maximumDepth = 32;
const maximumLength = 1 << 16;

/** Whether expanding could change the text. */
export function needsExpansion(text: string, escape: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x24 || code === 0x22 || code === 0x27 || text[i] === escape) return true;
  }
  return false;
}

/** Resolves quotes, escapes and variables in one word, with all of BuildKit's modifiers (Dockerfile reference, "Environment replacement"). */
export function expandWord(text: string, escape: string, lookup: Lookup): Expansion {
  return new Expander(text, escape, lookup).run();
}

class ExpansionError extends Error {}

class Expander {
  readonly #text: string;
  readonly #escape: string;
  readonly #lookup: Lookup;
  readonly #variables: VariableUse[] = [];
  #at = 0;
  #depth = 0;
  #known = true;

  constructor(text: string, escape: string, lookup: Lookup) {
    this.#text = text;
    this.#escape = escape;
    this.#lookup = lookup;
  }

  run(): Expansion {
    try {
      const value = this.#until("", false);
      const usable = this.#known && value.length <= maximumLength;
      return { value: usable ? value : undefined, variables: this.#variables };
    } catch (error) {
      if (!(error instanceof ExpansionError)) throw error;
      return { value: undefined, variables: this.#variables, error: error.message };
    }
  }

  #until(stop: string, rawEscapes: boolean): string {
    if (++this.#depth > maximumDepth) throw new ExpansionError("variables are nested too deeply");
    const text = this.#text;
    let result = "";
    while (this.#at < text.length) {
      const character = text[this.#at] ?? "";
      if (stop !== "" && character === stop) {
        this.#at++;
        this.#depth--;
        return result;
      }
      if (character === "$") result += this.#dollar();
      else if (character === "'") result += this.#singleQuoted();
      else if (character === '"') result += this.#doubleQuoted(rawEscapes);
      else if (character === this.#escape) {
        if (rawEscapes) result += character;
        result += text[this.#at + 1] ?? "";
        this.#at += 2;
      } else {
        result += character;
        this.#at++;
      }
    }
    if (stop !== "") throw new ExpansionError(`missing ${stop}`);
    this.#depth--;
    return result;
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) throw new ExpansionError("a single quote is not closed");
    const value = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return value;
  }

  #doubleQuoted(rawEscapes: boolean): string {
    const text = this.#text;
    let result = "";
    this.#at++;
    while (this.#at < text.length) {
      const character = text[this.#at] ?? "";
      if (character === '"') {
        this.#at++;
        return result;
      }
      if (character === "$") {
        result += this.#dollar();
        continue;
      }
      if (character === this.#escape) {
        const next = text[this.#at + 1];
        if (rawEscapes) result += character;
        if (next === '"' || next === "$" || next === this.#escape) {
          result += next;
          this.#at += 2;
          continue;
        }
      }
      result += character;
      this.#at++;
    }
    throw new ExpansionError("a double quote is not closed");
  }

  #value(name: string): string | null {
    const value = this.#lookup(name);
    if (value === undefined) this.#known = false;
    return value ?? null;
  }

  #dollar(): string {
    const text = this.#text;
    const start = this.#at++;
    if (text[this.#at] !== "{") {
      const name = this.#name();
      if (name === "") return "$";
      this.#variables.push({ name, start, end: this.#at, modifier: "" });
      return this.#value(name) ?? "";
    }
    this.#at++;
    const first = text[this.#at];
    if (first === undefined) throw new ExpansionError("missing }");
    if (first === "{" || first === "}" || first === ":") throw new ExpansionError("bad substitution");
    const name = this.#name();
    let modifier = text[this.#at++] ?? "";
    if (modifier === "}") {
      this.#variables.push({ name, start, end: this.#at, modifier: "" });
      return this.#value(name) ?? "";
    }
    const index = this.#variables.length;
    const use = { name, start, end: this.#at, modifier };
    this.#variables.push(use);
    if (modifier === "/") return this.#replace(index, use);
    if (modifier === ":") modifier += text[this.#at++] ?? "";
    const kind = modifier[modifier.length - 1] ?? "";
    if (!"-+?#%".includes(kind) || (modifier.length > 1 && "#%".includes(kind))) {
      throw new ExpansionError(`unsupported modifier ${modifier} in a substitution`);
    }
    const before = this.#known;
    const word = this.#until("}", kind === "#" || kind === "%");
    const wordKnown = this.#known;
    this.#known = before;
    this.#variables[index] = { ...use, end: this.#at, modifier };
    return this.#modified(name, modifier, kind, word, wordKnown);
  }

  #modified(name: string, modifier: string, kind: string, word: string, wordKnown: boolean): string {
    const found = this.#lookup(name);
    if (found === undefined) {
      this.#known = false;
      return "";
    }
    const missing = found === null || (modifier[0] === ":" && found === "");
    if (kind === "?") {
      if (missing) throw new ExpansionError(word === "" ? `${name} must be set` : `${name}: ${word}`);
      return found ?? "";
    }
    const takesWord = kind === "-" ? missing : kind === "+" ? !missing : true;
    if (takesWord) this.#known &&= wordKnown;
    if (kind === "-") return missing ? word : (found ?? "");
    if (kind === "+") return missing ? "" : word;
    return trim(found ?? "", kind, word);
  }

  #replace(index: number, use: VariableUse): string {
    const all = this.#text[this.#at] === "/";
    if (all) this.#at++;
    const pattern = this.#until("/", true);
    const replacement = this.#until("}", true);
    this.#variables[index] = { ...use, end: this.#at, modifier: all ? "//" : "/" };
    const value = this.#value(use.name) ?? "";
    if (value.length > 4096) {
      this.#known = false;
      return "";
    }
    return replaceGlob(value, readGlob(pattern), replacement, all);
  }

  #name(): string {
    const text = this.#text;
    const start = this.#at;
    const first = text[start] ?? "";
    if (/[0-9]/.test(first)) {
      while (/[0-9]/.test(text[this.#at] ?? "")) this.#at++;
      return text.slice(start, this.#at);
    }
    if (first !== "" && "@*#?-$!".includes(first)) {
      this.#at++;
      return first;
    }
    while (
      this.#at < text.length &&
      !isSpace(text.charCodeAt(this.#at)) &&
      /[\p{L}\p{Nd}_]/u.test(text[this.#at] ?? "")
    )
      this.#at++;
    return text.slice(start, this.#at);
  }
}

/** A shell pattern: single characters, "any one" (null) and "any run" (undefined). */
type Glob = readonly (string | null | undefined)[];

function readGlob(pattern: string): Glob {
  const glob: (string | null | undefined)[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] ?? "";
    if (character === "*") glob.push(undefined);
    else if (character === "?") glob.push(null);
    else if (character === "\\") {
      const next = pattern[++i];
      if (next === undefined || !"}/*?\\".includes(next))
        throw new ExpansionError(`invalid escape \\${next ?? ""} in a pattern`);
      glob.push(next);
    } else glob.push(character);
  }
  return glob;
}

/** Every length of a match of `glob` at the start of `value`, by simulation: no backtracking, whatever the pattern. */
function matchLengths(value: string, glob: Glob, from: number): number[] {
  let states = new Set<number>();
  const close = (set: Set<number>): Set<number> => {
    for (const state of set) if (state < glob.length && glob[state] === undefined) set.add(state + 1);
    return set;
  };
  states = close(new Set([0]));
  const lengths: number[] = [];
  for (let at = from; ; at++) {
    if (states.has(glob.length)) lengths.push(at - from);
    if (at >= value.length || states.size === 0) return lengths;
    const next = new Set<number>();
    for (const state of states) {
      const part = glob[state];
      if (state >= glob.length) continue;
      if (part === undefined) next.add(state);
      else if (part === null || part === value[at]) next.add(state + 1);
    }
    states = close(next);
  }
}

function trim(value: string, kind: string, word: string): string {
  if (value.length > 4096 || word.length > 256) return value;
  const greedy = word[0] === kind;
  const glob = readGlob(greedy ? word.slice(1) : word);
  if (kind === "#") {
    const lengths = matchLengths(value, glob, 0);
    return value.slice((greedy ? lengths.at(-1) : lengths[0]) ?? 0);
  }
  const backwards = matchLengths(value.split("").reverse().join(""), [...glob].reverse(), 0);
  const cut = (greedy ? backwards.at(-1) : backwards[0]) ?? 0;
  return value.slice(0, value.length - cut);
}

function replaceGlob(value: string, glob: Glob, replacement: string, all: boolean): string {
  let result = "";
  let at = 0;
  while (at <= value.length) {
    const length = matchLengths(value, glob, at).at(-1);
    if (length === undefined || (length === 0 && glob.length > 0 && at >= value.length)) {
      result += value[at] ?? "";
      at++;
      continue;
    }
    result += replacement;
    if (!all) return result + value.slice(at + length);
    if (length === 0) result += value[at] ?? "";
    at += Math.max(1, length);
  }
  return result;
}
