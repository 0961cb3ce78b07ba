import type { VersionScheme } from "../scheme.ts";
import { compareDigits, compareText, digitsEnd, isDigit } from "./digits.ts";

/** Kinds of what a version consists of, in the order in which they may follow each other. */
const kind = { component: 0, componentOrZero: 1, letter: 2, suffix: 3, suffixNumber: 4, revision: 5, end: 6 } as const;
type Kind = (typeof kind)[keyof typeof kind] | -1;

/** Before the version itself, and after it. */
const suffixes: readonly (readonly [name: string, rank: number])[] = [
  ["alpha", -4],
  ["beta", -3],
  ["pre", -2],
  ["rc", -1],
  ["cvs", 0],
  ["svn", 1],
  ["git", 2],
  ["hg", 3],
  ["p", 4],
];

/** Numbers that apk cannot hold make a version invalid. */
const mostDigits = 17;

/** How far one version is read. */
interface Cursor {
  readonly text: string;
  at: number;
  kind: Kind;
}

function begin(text: string): Cursor {
  return { text, at: 0, kind: kind.component };
}

/**
 * The value of the piece at hand, a number's digits as text; moves on to the next. The grammar of apk-tools 2:
 * `number{.number}[letter[number]]{_suffix[number]}[-r number]`.
 */
function next(cursor: Cursor): number | string {
  const { text, at } = cursor;
  if (at >= text.length && cursor.kind !== kind.componentOrZero) {
    // A sign with nothing behind it is let pass.
    const value = cursor.kind === kind.suffix ? 0 : "";
    cursor.kind = kind.end;
    return value;
  }
  switch (cursor.kind) {
    case kind.componentOrZero: {
      // Zeros in front make a later component a fraction: the more of them, the smaller. The last one stays with the rest.
      if (text.charCodeAt(at) !== 48 || !isDigit(text.charCodeAt(at + 1))) return readNumber(cursor);
      let zeros = at;
      while (text.charCodeAt(zeros + 1) === 48) zeros++;
      cursor.at = zeros;
      cursor.kind = kind.component;
      return zeros === at ? "" : at - zeros;
    }
    case kind.component:
    case kind.suffixNumber:
    case kind.revision:
      return readNumber(cursor);
    case kind.letter:
      cursor.at++;
      follow(cursor);
      return text.charCodeAt(at);
    case kind.suffix: {
      const suffix = suffixes.find(([name]) => text.startsWith(name, at));
      if (suffix === undefined) break;
      cursor.at += suffix[0].length;
      follow(cursor);
      return suffix[1];
    }
  }
  cursor.kind = -1;
  return -1;
}

function readNumber(cursor: Cursor): string {
  const end = digitsEnd(cursor.text, cursor.at);
  const digits = cursor.text.slice(cursor.at, end);
  // apk lets "1..2" pass and gives it no place that would last.
  const empty = cursor.kind === kind.componentOrZero && digits === "";
  cursor.at = end;
  follow(cursor);
  if (digits.length > mostDigits || empty) cursor.kind = -1;
  return digits;
}

/** Settles what kind the next piece is, past the sign that announces it. */
function follow(cursor: Cursor): void {
  const { text, at, kind: before } = cursor;
  const code = text.charCodeAt(at);
  if (at >= text.length) cursor.kind = kind.end;
  else if (before <= kind.componentOrZero && code >= 97 && code <= 122) cursor.kind = kind.letter;
  else if (before === kind.letter && isDigit(code)) cursor.kind = kind.component;
  else if (before === kind.suffix && isDigit(code)) cursor.kind = kind.suffixNumber;
  else if (code === 46) announce(cursor, kind.componentOrZero, before <= kind.componentOrZero);
  else if (code === 95) announce(cursor, kind.suffix, before <= kind.suffixNumber);
  else if (text.startsWith("-r", at)) announce(cursor, kind.revision, true, 2);
  else cursor.kind = -1;
}

function announce(cursor: Cursor, next: Kind, allowed: boolean, length = 1): void {
  cursor.at += length;
  cursor.kind = allowed ? next : -1;
}

function valid(version: string): boolean {
  const cursor = begin(version);
  while (cursor.kind >= 0 && cursor.kind < kind.end) next(cursor);
  return version !== "" && cursor.kind === kind.end;
}

function compareValues(a: number | string, b: number | string): number {
  if (typeof a === "string") return typeof b === "string" ? compareDigits(a, b) : 1;
  return typeof b === "string" ? -1 : a - b;
}

function compareValid(a: string, b: string): number {
  const left = begin(a);
  const right = begin(b);
  while (left.kind === right.kind && left.kind !== kind.end) {
    const order = compareValues(next(left), next(right));
    if (order !== 0) return order;
  }
  if (left.kind === right.kind) return 0;
  // One goes on: that is later, unless it goes on with a pre-release.
  const [i, j] = [left.kind, right.kind];
  if (i === kind.suffix && Number(next(left)) < 0) return -1;
  if (j === kind.suffix && Number(next(right)) < 0) return 1;
  return j - i;
}

/** The order of apk-tools 2, which all Alpine releases up to 3.22 have. Invalid versions come first, in code unit order. */
export const apk: VersionScheme = {
  id: "apk",
  ecosystems: ["Alpine", "Wolfi", "Chainguard", "MinimOS", "Alpaquita", "BellSoft Hardened Containers"],
  valid,
  compare(a, b) {
    if (a === b) return 0;
    const [left, right] = [valid(a), valid(b)];
    if (left && right) return compareValid(a, b);
    return left ? 1 : right ? -1 : compareText(a, b);
  },
  examples: [
    "1.0_alpha < 1.0_beta",
    "1.0_rc1 < 1.0",
    "1.0 < 1.0_git20240101",
    "1.0_hg1 < 1.0_p1",
    "1.0 < 1.0a",
    "1.0-r9 < 1.0-r10",
    "1.01 < 1.1",
    "1.001 < 1.01",
    "1.0 < 1.0.0",
    "1.0 < 1.01",
    "01.1 = 1.1",
    "1.36.1-r29 > 1.36.1-r9",
  ],
};
