import type { VersionScheme } from "../scheme.ts";
import { compareDigits, compareText, digitsEnd, isDigit, isNumber } from "./digits.ts";

/** Ranks as PHP's `version_compare` has them; a version that ends comes between candidates and whatever goes on. */
const rank = { dev: 0, alpha: 1, beta: 2, RC: 3, end: 4, number: 5, patch: 6 } as const;
type Word = "dev" | "alpha" | "beta" | "RC" | "patch";

const modifiers: readonly (readonly [spelling: string, word: Word | "stable"])[] = [
  ["stable", "stable"],
  ["beta", "beta"],
  ["b", "beta"],
  ["rc", "RC"],
  ["alpha", "alpha"],
  ["a", "alpha"],
  ["patch", "patch"],
  ["pl", "patch"],
  ["p", "patch"],
];

/** Four numbers, or a date's, then words and numbers; undefined for what Composer does not accept or, a branch, cannot order. */
function parse(version: string): readonly string[] | undefined {
  const text = strip(version);
  if (text.startsWith("dev-") || text === "master" || text === "trunk" || text === "default") return undefined;
  return parseNumbers(text) ?? parseDate(text) ?? parseBranch(text);
}

/** Without alias, stability flag and build metadata; in lower case, since no rule heeds it. */
function strip(version: string): string {
  let text = version.trim();
  const [first, as, alias, ...more] = text.split(" ").filter((word) => word !== "");
  if (first !== undefined && as === "as" && alias !== undefined && more.length === 0) text = first;
  text = text.toLowerCase();
  const flag = text.lastIndexOf("@");
  if (flag >= 0 && ["stable", "rc", "beta", "alpha", "dev"].includes(text.slice(flag + 1))) text = text.slice(0, flag);
  const plus = text.indexOf("+");
  return plus > 0 && plus + 1 < text.length && !/[\s,]/.test(text.slice(0, plus)) && !/\s/.test(text.slice(plus))
    ? text.slice(0, plus)
    : text;
}

/** `[v]n[.n[.n[.n]]]`, the first number of at most five digits. */
function parseNumbers(text: string): readonly string[] | undefined {
  const start = text.charCodeAt(0) === 118 ? 1 : 0;
  let end = digitsEnd(text, start);
  if (end === start || end > start + 5) return undefined;
  const numbers = [text.slice(start, end)];
  while (numbers.length < 4 && text.charCodeAt(end) === 46 && isDigit(text.charCodeAt(end + 1))) {
    const next = digitsEnd(text, end + 1);
    numbers.push(text.slice(end + 1, next));
    end = next;
  }
  while (numbers.length < 4) numbers.push("0");
  return parseModifier(text, end, numbers);
}

/** `2024-01-31`, `20240131.1200`, …: what a date may consist of ends before the modifier's letters. */
function parseDate(text: string): readonly string[] | undefined {
  const start = text.charCodeAt(0) === 118 ? 1 : 0;
  let end = start;
  for (let at = start; at <= start + 26 && at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) end = at + 1;
    else if (code !== 46 && code !== 58 && code !== 45) break;
  }
  const date = text.slice(start, end);
  if (!/^\d{4}(?:[.:-]?\d{2}){1,6}(?:[.:-]?\d{1,3})?$/.test(date)) return undefined;
  return parseModifier(text, end, date.split(/[.:-]/));
}

/** `[._-][beta[.1[-2…]]][-dev]` up to the end of the text. */
function parseModifier(text: string, from: number, numbers: readonly string[]): readonly string[] | undefined {
  const code = text.charCodeAt(from);
  let at = code === 46 || code === 95 || code === 45 ? from + 1 : from;
  const found = modifiers.find(([spelling]) => text.startsWith(spelling, at));
  const after: string[] = [];
  if (found) {
    at += found[0].length;
    if (found[1] !== "stable") after.push(found[1]);
    for (;;) {
      const sign = text.charCodeAt(at);
      const start = sign === 46 || sign === 45 ? at + 1 : at;
      const end = digitsEnd(text, start);
      if (end === start) break;
      after.push(text.slice(start, end));
      at = end;
    }
  }
  const rest = text.slice(at);
  const dev = rest === "dev" || rest === "-dev" || rest === ".dev";
  if (!dev && rest !== "") return undefined;
  // Whatever follows "stable" is forgotten.
  if (found?.[1] === "stable") return numbers;
  return [...numbers, ...after, ...(dev ? ["dev"] : [])];
}

/** `1.2.x-dev`: the newest there will ever be of 1.2. */
function parseBranch(text: string): readonly string[] | undefined {
  if (!text.endsWith("dev")) return undefined;
  const name = text.slice(text.charCodeAt(0) === 118 ? 1 : 0, -3).replace(/[.-]$/, "");
  const parts = name.trim().split(".");
  if (parts.length > 4 || !isNumber(parts[0] ?? "")) return undefined;
  if (!parts.every((part, i) => isNumber(part) || (i > 0 && (part === "x" || part === "*")))) return undefined;
  const numbers = [0, 1, 2, 3].map((i) => parts[i] ?? "x");
  return [...numbers.map((part) => (isNumber(part) ? part : "9999999")), "dev"];
}

function rankOf(token: string | undefined): number {
  return token === undefined ? rank.end : isDigit(token.charCodeAt(0)) ? rank.number : rank[token as Word];
}

/** Composer's `VersionParser` and PHP's `version_compare`. Branches (`dev-main`) are not valid: nothing can order them. */
export const composer: VersionScheme = {
  id: "composer",
  ecosystems: ["Packagist"],
  valid: (version) => parse(version) !== undefined,
  compare(a, b) {
    if (a === b) return 0;
    const left = parse(a);
    const right = parse(b);
    if (!left || !right) return left ? 1 : right ? -1 : compareText(a, b);
    for (let i = 0; i < left.length || i < right.length; i++) {
      const [x, y] = [left[i], right[i]];
      const order = rankOf(x) - rankOf(y);
      if (order !== 0) return order;
      const digits = rankOf(x) === rank.number ? compareDigits(x ?? "", y ?? "") : 0;
      if (digits !== 0) return digits;
    }
    return 0;
  },
  examples: [
    "1.0.0-dev < 1.0.0-alpha1",
    "1.0.0-alpha1 < 1.0.0-beta1",
    "1.0.0-beta.2 < 1.0.0-beta.10",
    "1.0.0-beta1 < 1.0.0-RC1",
    "1.0.0-RC1 < 1.0.0",
    "1.0.0 < 1.0.0-p1",
    "1.0.0-pl1 = 1.0.0-patch1",
    "v1 = 1.0.0.0",
    "1.0.0+build = 1.0.0",
    "1.0.x-dev > 1.0.99",
    "2024-01-31 < 2024-02-01",
  ],
};
