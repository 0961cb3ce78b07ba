import type { VersionScheme } from "../scheme.ts";
import { compareDigits, compareText, isDigit, withoutZeros } from "./digits.ts";

/**
 * A version as Maven's lists in lists. A list only ever ends with the list inside it, so the nesting is a row of levels, and
 * no version, however deep, needs recursion. Items are digits or qualifiers, the latter already as their key in the order.
 */
type Level = string[];

/** What is none of these comes after all of them, in code unit order. */
const qualifiers = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
const aliases = { ga: "", final: "", release: "", cr: "rc" };
/** Of one letter, before a digit. */
const letters = new Map([
  ["a", "alpha"],
  ["b", "beta"],
  ["m", "milestone"],
]);

/** Keys start with `q`, which no number does. */
const keys = new Map([
  ...qualifiers.map((name, i) => [name, `q${i}`] as const),
  ...Object.entries(aliases).map(([name, as]) => [name, `q${qualifiers.indexOf(as)}`] as const),
]);

function keyOf(qualifier: string): string {
  return keys.get(qualifier) ?? `q${qualifiers.length}-${qualifier}`;
}

const releaseKey = keyOf("");

function isQualifier(item: string): boolean {
  return item.charCodeAt(0) === 113;
}

/** 0 and the release itself, which say nothing at the end of a list. */
function isNull(item: string): boolean {
  return item === releaseKey || (!isQualifier(item) && withoutZeros(item) === "");
}

function parse(version: string): readonly Level[] {
  const text = version.toLowerCase();
  let level: Level = [];
  const levels: Level[] = [level];
  const deeper = (): void => {
    level = [];
    levels.push(level);
  };
  const item = (digits: boolean, end: number): string => {
    const token = text.slice(start, end);
    return digits ? token : keyOf(token);
  };
  let digits = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46 || code === 45) {
      level.push(i === start ? "0" : item(digits, i));
      start = i + 1;
      if (code === 45) deeper();
    } else if (isDigit(code)) {
      if (!digits && i > start) {
        if (level.length > 0) deeper();
        const word = text.slice(start, i);
        level.push(keyOf(letters.get(word) ?? word));
        start = i;
        deeper();
      }
      digits = true;
    } else {
      if (digits && i > start) {
        level.push(item(true, i));
        start = i;
        deeper();
      }
      digits = false;
    }
  }
  if (text.length > start) {
    if (!digits && level.length > 0) deeper();
    level.push(item(digits, text.length));
  }
  return normalize(levels);
}

/** Takes what says nothing off the end of each list; a list left empty at the end says nothing itself. */
function normalize(levels: Level[]): readonly Level[] {
  for (const level of levels) {
    while (level.length > 0 && isNull(level.at(-1) ?? "")) level.pop();
  }
  while (levels.at(-1)?.length === 0) levels.pop();
  return levels;
}

function compareItems(a: string, b: string): number {
  const aQualifier = isQualifier(a);
  if (aQualifier !== isQualifier(b)) return aQualifier ? -1 : 1;
  return aQualifier ? compareText(a, b) : compareDigits(a, b);
}

/** The rest of a version, from an item on, against nothing. */
function compareRest(levels: readonly Level[], from: number, item: number): number {
  let at = item;
  for (let l = from; l < levels.length; l++) {
    const level = levels[l] ?? [];
    for (; at < level.length; at++) {
      const one = level[at] ?? "";
      if (isQualifier(one)) {
        if (one !== releaseKey) return compareText(one, releaseKey);
      } else if (!isNull(one)) return 1;
    }
    at = 0;
  }
  return 0;
}

function compareLevels(a: readonly Level[], b: readonly Level[]): number {
  for (let l = 0; l < a.length || l < b.length; l++) {
    const left = a[l] ?? [];
    const right = b[l] ?? [];
    for (let i = 0; i < left.length || i < right.length; i++) {
      const x = left[i];
      const y = right[i];
      if (x !== undefined && y !== undefined) {
        const order = compareItems(x, y);
        if (order !== 0) return order;
        continue;
      }
      // One list has an item where the other has its inner list, if any: words come before lists, lists before numbers.
      if (x === undefined) return y === undefined ? 0 : -againstEnd(y, b, l, i, a.length > l + 1);
      return againstEnd(x, a, l, i, b.length > l + 1);
    }
  }
  return 0;
}

function againstEnd(item: string, levels: readonly Level[], level: number, at: number, list: boolean): number {
  if (list) return isQualifier(item) ? -1 : 1;
  return compareRest(levels, level, at);
}

/** Maven 3's `ComparableVersion` (Maven POM reference, "Version Order Specification"). */
export const maven: VersionScheme = {
  id: "maven",
  ecosystems: ["Maven"],
  valid: (version) => version !== "" && /^[\x21-\x7e]+$/.test(version),
  compare: (a, b) => (a === b ? 0 : compareLevels(parse(a), parse(b))),
  examples: [
    "1.0-alpha-1 < 1.0-beta-1",
    "1.0-m1 = 1.0-milestone-1",
    "1.0-rc1 = 1.0-cr1",
    "1.0-rc1 < 1.0-SNAPSHOT",
    "1.0-SNAPSHOT < 1.0",
    "1.0 = 1.0.0-ga",
    "1.0.Final = 1",
    "1.0 < 1.0-sp",
    "1.0-sp < 1.0-abc",
    "1.0-abc < 1.0-1",
    "1.0-1 < 1.0.1",
    "2.0.1.jre8 < 2.0.1.jre11",
    "31.1-jre > 31.0-jre",
  ],
};
