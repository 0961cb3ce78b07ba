import type { VersionScheme } from "../scheme.ts";
import { compareDigits, compareText, digitsEnd, isDigit, isNumber } from "./digits.ts";

/** A version of PEP 440, its spelling variants folded. Numbers are digits of any length. */
interface Parts {
  readonly epoch: string;
  readonly release: readonly string[];
  /** -1: a development release of the final one; 0 alpha, 1 beta, 2 candidate; 3: none. */
  readonly phase: number;
  readonly pre: string;
  readonly post: string | undefined;
  readonly dev: string | undefined;
  readonly local: readonly string[];
}

/** Longer spellings first. */
const preWords = ["alpha", "a", "beta", "b", "preview", "pre", "c", "rc"] as const;
const phases = { alpha: 0, a: 0, beta: 1, b: 1, preview: 2, pre: 2, c: 2, rc: 2 } as const;
const postWords = ["post", "rev", "r"] as const;
const devWords = ["dev"] as const;

interface Tag<W> {
  readonly word: W;
  readonly number: string;
  readonly end: number;
}

function isSeparator(code: number): boolean {
  return code === 45 || code === 46 || code === 95;
}

/** One of the words with its number, every sign between them optional. */
function readTag<W extends string>(text: string, at: number, words: readonly W[]): Tag<W> | undefined {
  const from = isSeparator(text.charCodeAt(at)) ? at + 1 : at;
  const word = words.find((one) => text.startsWith(one, from));
  if (word === undefined) return undefined;
  const wordEnd = from + word.length;
  const numberStart = isSeparator(text.charCodeAt(wordEnd)) ? wordEnd + 1 : wordEnd;
  const end = digitsEnd(text, numberStart);
  return { word, number: text.slice(numberStart, end), end };
}

/** "1.0-1" is a post-release too. */
function readPost(text: string, at: number): Omit<Tag<string>, "word"> | undefined {
  if (text.charCodeAt(at) !== 45 || !isDigit(text.charCodeAt(at + 1))) return readTag(text, at, postWords);
  const end = digitsEnd(text, at + 1);
  return { number: text.slice(at + 1, end), end };
}

/** Undefined for what PEP 440 does not accept. */
function parse(version: string): Parts | undefined {
  const text = version.trim().toLowerCase();
  let at = text.charCodeAt(0) === 118 ? 1 : 0;
  let end = digitsEnd(text, at);
  let epoch = "";
  if (end > at && text.charCodeAt(end) === 33) {
    epoch = text.slice(at, end);
    at = end + 1;
    end = digitsEnd(text, at);
  }
  if (end === at) return undefined;
  while (text.charCodeAt(end) === 46 && isDigit(text.charCodeAt(end + 1))) end = digitsEnd(text, end + 1);
  const release = text.slice(at, end).split(".");
  const pre = readTag(text, end, preWords);
  const post = readPost(text, pre?.end ?? end);
  const dev = readTag(text, post?.end ?? pre?.end ?? end, devWords);
  end = dev?.end ?? post?.end ?? pre?.end ?? end;
  let local: readonly string[] = [];
  if (text.charCodeAt(end) === 43) {
    local = text.slice(end + 1).split(/[-_.]/);
    if (!local.every((word) => /^[0-9a-z]+$/.test(word))) return undefined;
  } else if (end !== text.length) return undefined;
  return {
    epoch,
    release,
    phase: pre ? phases[pre.word] : dev && !post ? -1 : 3,
    pre: pre?.number ?? "",
    post: post?.number,
    dev: dev?.number,
    local,
  };
}

function compareRelease(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length || i < b.length; i++) {
    const order = compareDigits(a[i] ?? "", b[i] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

/** What is absent comes first. */
function compareOptional(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  return compareDigits(a, b);
}

/** Words before numbers, the longer one later. */
function compareLocal(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a[i] ?? "", b[i] ?? ""];
    const [xNumber, yNumber] = [isNumber(x), isNumber(y)];
    const order = xNumber && yNumber ? compareDigits(x, y) : xNumber ? 1 : yNumber ? -1 : compareText(x, y);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** PEP 440, now the version specifiers specification of the Python Packaging Authority. What it does not accept comes first. */
export const pep440: VersionScheme = {
  id: "pep440",
  ecosystems: ["PyPI"],
  valid: (version) => parse(version) !== undefined,
  compare(a, b) {
    if (a === b) return 0;
    const x = parse(a);
    const y = parse(b);
    if (!x || !y) return x ? 1 : y ? -1 : compareText(a, b);
    return (
      compareDigits(x.epoch, y.epoch) ||
      compareRelease(x.release, y.release) ||
      x.phase - y.phase ||
      compareDigits(x.pre, y.pre) ||
      compareOptional(x.post, y.post) ||
      // Here the absent one comes last.
      (x.dev === undefined || y.dev === undefined ? -compareOptional(x.dev, y.dev) : compareDigits(x.dev, y.dev)) ||
      compareLocal(x.local, y.local)
    );
  },
  examples: [
    "1.0.dev1 < 1.0a1",
    "1.0a1 < 1.0b1",
    "1.0b1 < 1.0rc1",
    "1.0rc1 < 1.0",
    "1.0 < 1.0.post1",
    "1.0a1.dev1 < 1.0a1",
    "1.0.post1.dev1 < 1.0.post1",
    "1.0-1 = 1.0.post1",
    "1.0-preview_2 = 1.0rc2",
    "v1.0.0 = 1",
    "1!0.1 > 2024.1",
    "1.0+local.1 > 1.0",
    "1.0+abc < 1.0+1",
    "1.0.10 > 1.0.9",
  ],
};
