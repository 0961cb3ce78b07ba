import type { VersionScheme } from "../scheme.ts";
import { compareDigits, compareText, digitsEnd, isDigit, isLetter } from "./digits.ts";

interface Parts {
  readonly epoch: string;
  readonly version: string;
  readonly release: string | undefined;
}

/** `[epoch:]version[-release]`: only digits make an epoch, the last dash starts the release. */
function split(text: string): Parts {
  const colon = digitsEnd(text, 0);
  const hasEpoch = text.charCodeAt(colon) === 58;
  const start = hasEpoch ? colon + 1 : 0;
  const dash = text.lastIndexOf("-");
  return dash < start
    ? { epoch: hasEpoch ? text.slice(0, colon) : "", version: text.slice(start), release: undefined }
    : {
        epoch: hasEpoch ? text.slice(0, colon) : "",
        version: text.slice(start, dash),
        release: text.slice(dash + 1),
      };
}

const tilde = 126;
const caret = 94;

function skipSeparators(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code) || isLetter(code) || code === tilde || code === caret) break;
  }
  return at;
}

function lettersEnd(text: string, from: number): number {
  let end = from;
  while (isLetter(text.charCodeAt(end))) end++;
  return end;
}

/** Segments of digits or letters in turn; separators only separate, `~` comes before the end and `^` right after it. */
function compareSegments(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    i = skipSeparators(a, i);
    j = skipSeparators(b, j);
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(j);
    if (left === tilde || right === tilde) {
      if (left !== right) return left === tilde ? -1 : 1;
      i++;
      j++;
      continue;
    }
    if (left === caret || right === caret) {
      if (i === a.length) return -1;
      if (j === b.length) return 1;
      if (left !== right) return left === caret ? -1 : 1;
      i++;
      j++;
      continue;
    }
    if (i === a.length || j === b.length) break;
    const numeric = isDigit(left);
    if (numeric !== isDigit(right)) return numeric ? 1 : -1;
    const iEnd = numeric ? digitsEnd(a, i) : lettersEnd(a, i);
    const jEnd = numeric ? digitsEnd(b, j) : lettersEnd(b, j);
    const order = (numeric ? compareDigits : compareText)(a.slice(i, iEnd), b.slice(j, jEnd));
    if (order !== 0) return order;
    i = iEnd;
    j = jEnd;
  }
  return i < a.length ? 1 : j < b.length ? -1 : 0;
}

function legal(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // + . ^ _ ~
    if (!isDigit(code) && !isLetter(code) && ![43, 46, caret, 95, tilde].includes(code)) return false;
  }
  return true;
}

/**
 * The order of rpm (rpm-version(7)). A version without a release comes before the same version with any release, as in
 * rpm's own `rpm.vercmp`: "equal to every release" would be no order.
 */
export const rpm: VersionScheme = {
  id: "rpm",
  ecosystems: [
    "Red Hat",
    "Rocky Linux",
    "AlmaLinux",
    "openSUSE",
    "SUSE",
    "Azure Linux",
    "Photon OS",
    "Amazon Linux",
    "Oracle Linux",
    "Fedora",
    "CentOS",
    "Mageia",
    "openEuler",
  ],
  valid(version) {
    const parts = split(version);
    return (
      parts.version !== "" &&
      parts.release !== "" &&
      legal(parts.version) &&
      (parts.release === undefined || legal(parts.release))
    );
  },
  compare(a, b) {
    if (a === b) return 0;
    const left = split(a);
    const right = split(b);
    const order = compareDigits(left.epoch, right.epoch) || compareSegments(left.version, right.version);
    if (order !== 0) return order;
    if (left.release === undefined || right.release === undefined)
      return left.release === right.release ? 0 : left.release === undefined ? -1 : 1;
    return compareSegments(left.release, right.release);
  },
  examples: [
    "1.0~rc1 < 1.0",
    "1.0^git1 > 1.0",
    "1.0^git1 < 1.0.1",
    "1.0~rc1^git1 > 1.0~rc1",
    "1.0_1 = 1.0.1",
    "1.001 = 1.1",
    "1.1 > 1.a",
    "0:1.0-1 = 1.0-1",
    "1:1.0-1 > 2.0-1",
    "1.0 < 1.0-1",
    "8.0.0-10.el9 > 8.0.0-9.el9",
  ],
};
