/** One compiled pattern: whether it matches a whole path (relative, forward slashes). */
export type PathMatch = (path: string) => boolean;

type Part =
  | { readonly kind: "literal"; readonly code: number }
  | { readonly kind: "any" }
  /** `*`: any run within one path element. */
  | { readonly kind: "star" }
  /** `**` in the middle: nothing, or anything that ends in a slash. */
  | { readonly kind: "globstar" }
  /** `**` at the end: anything. */
  | { readonly kind: "rest" }
  | { readonly kind: "class"; readonly negated: boolean; readonly ranges: readonly (readonly [number, number])[] };

const SLASH = 0x2f;

/** Cleans a pattern's path as Go's `filepath.Clean` does, without a leading slash; "." for nothing. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !path.startsWith("/")) parts.push(part);
  }
  return parts.length === 0 ? "." : parts.join("/");
}

/**
 * Compiles a cleaned pattern with the meaning moby's patternmatcher gives it. Undefined when it is malformed.
 * Matching walks the path once with a set of states: its cost is path length times pattern length, whatever the pattern.
 */
export function compilePattern(pattern: string): PathMatch | undefined {
  const parts = readParts(pattern);
  if (!parts) return undefined;
  if (parts.every((part) => part.kind === "literal")) {
    const literal = String.fromCharCode(...parts.map((part) => (part.kind === "literal" ? part.code : 0)));
    return (path) => path === literal;
  }
  const [first, ...others] = parts;
  if (first?.kind === "globstar" && others.every((part) => part.kind === "literal")) {
    // Docker compares suffixes here: `**foo` also takes `afoo`, while `**/foo` needs a whole element.
    const suffix = String.fromCharCode(...others.map((part) => (part.kind === "literal" ? part.code : 0)));
    if (pattern.startsWith("**/")) return (path) => path === suffix || path.endsWith(`/${suffix}`);
    return (path) => path.endsWith(suffix);
  }
  return (path) => simulate(parts, path);
}

function readParts(pattern: string): Part[] | undefined {
  const parts: Part[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] ?? "";
    if (character === "*") {
      if (pattern[i + 1] !== "*") {
        parts.push({ kind: "star" });
        continue;
      }
      i++;
      if (pattern[i + 1] === "/") i++;
      parts.push(i + 1 >= pattern.length ? { kind: "rest" } : { kind: "globstar" });
    } else if (character === "?") parts.push({ kind: "any" });
    else if (character === "[") {
      const read = readClass(pattern, i);
      if (!read) return undefined;
      parts.push(read.part);
      i = read.end;
    } else if (character === "\\") {
      const escaped = readEscape(pattern[++i]);
      if (!escaped) return undefined;
      parts.push(escaped);
    } else parts.push({ kind: "literal", code: pattern.charCodeAt(i) });
  }
  return parts;
}

const controls: Readonly<Record<string, number>> = { a: 0x07, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09, v: 0x0b };
const digits: readonly [number, number][] = [[0x30, 0x39]];
const words: readonly [number, number][] = [...digits, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
const blanks: readonly [number, number][] = [
  [0x09, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x20],
];

/**
 * Docker hands an escaped character on to Go's regular expressions with its backslash. A sign then stands for itself, but
 * `\\a` is a bell and `\\d` any digit; letters that mean nothing there make Docker refuse the file.
 */
function readEscape(character: string | undefined): Part | undefined {
  if (character === undefined) return undefined;
  if (!/[A-Za-z0-9]/.test(character)) return { kind: "literal", code: character.charCodeAt(0) };
  const control = controls[character];
  if (control !== undefined) return { kind: "literal", code: control };
  const ranges = { d: digits, w: words, s: blanks }[character.toLowerCase()];
  return ranges ? { kind: "class", negated: character !== character.toLowerCase(), ranges } : undefined;
}

function readClass(pattern: string, open: number): { part: Part; end: number } | undefined {
  let at = open + 1;
  const negated = pattern[at] === "^";
  if (negated) at++;
  const ranges: [number, number][] = [];
  const readOne = (): number | undefined => {
    if (pattern[at] === "\\") at++;
    const code = pattern.charCodeAt(at++);
    return Number.isNaN(code) ? undefined : code;
  };
  while (at < pattern.length && (pattern[at] !== "]" || ranges.length === 0)) {
    if (pattern[at] === "]" || pattern[at] === "-") return undefined;
    const low = readOne();
    if (low === undefined) return undefined;
    let high = low;
    if (pattern[at] === "-") {
      at++;
      if (pattern[at] === "]") return undefined;
      const end = readOne();
      if (end === undefined) return undefined;
      high = end;
    }
    ranges.push([low, high]);
  }
  if (pattern[at] !== "]") return undefined;
  return { part: { kind: "class", negated, ranges }, end: at };
}

/**
 * The states: 2·n stands before part n; 2·n + 1 is inside a `**` that has begun, which only a slash ends. So `a**b` takes
 * `ab` and `ax/b`, never `axb`.
 */
function simulate(parts: readonly Part[], path: string): boolean {
  let states = closed([0], parts);
  for (let i = 0; i < path.length && states.size > 0; i++) {
    const code = path.charCodeAt(i);
    const next: number[] = [];
    for (const state of states) {
      const part = parts[state >> 1];
      if (part) step(part, state, code, next);
    }
    states = closed(next, parts);
  }
  return states.has(2 * parts.length);
}

function step(part: Part, state: number, code: number, next: number[]): void {
  const after = ((state >> 1) + 1) * 2;
  switch (part.kind) {
    case "literal":
      if (part.code === code) next.push(after);
      break;
    case "any":
      if (code !== SLASH) next.push(after);
      break;
    case "star":
      if (code !== SLASH) next.push(state);
      break;
    case "rest":
      next.push(state);
      break;
    case "class":
      if (code !== SLASH && part.ranges.some(([low, high]) => low <= code && code <= high) !== part.negated)
        next.push(after);
      break;
    default:
      next.push(state | 1);
      if (code === SLASH) next.push(after);
  }
}

/** With the states reached without reading on: behind `*`, a final `**`, and a `**` not yet begun. */
function closed(from: readonly number[], parts: readonly Part[]): Set<number> {
  const states = new Set(from);
  for (const state of states) {
    const kind = parts[state >> 1]?.kind;
    if (kind === "star" || kind === "rest" || (kind === "globstar" && (state & 1) === 0))
      states.add(((state >> 1) + 1) * 2);
  }
  return states;
}
