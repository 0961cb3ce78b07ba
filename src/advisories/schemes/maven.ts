import type { VersionScheme } from "../scheme.ts";
import { compareDigits, compareText, isDigit, withoutZeros } from "./digits.ts";

/**
 * A version as Maven's lists in lists. A list only ever ends with the list inside it, so the nesting is a row of levels, and
 * no version, however deep, needs recursion. Items are digits or qualifiers, the latter already as their key in the order.
 */
interface Levels {
  readonly items: readonly string[];
  /** Where each level's items start. */
  readonly starts: readonly number[];
}

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

function parse(version: string): Levels {
  const text = version.toLowerCase();
  const items: string[] = [];
  const starts = [0];
  let level = 0;
  let digits = false;
  let start = 0;
  /** What says nothing is taken off the end of a list before the next one begins in it. */
  const trim = (): void => {
    while (items.length > level && isNull(items.at(-1) ?? "")) items.pop();
  };
  const deeper = (): void => {
    trim();
    level = items.length;
    begun = false;
    starts.push(level);
  };
  // Whether the level had any item, even one that says nothing.
  let begun = false;
  const add = (item: string): void => {
    items.push(item);
    begun = true;
  };
  const token = (end: number): string => (digits ? text.slice(start, end) : keyOf(text.slice(start, end)));
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46 || code === 45) {
      add(i === start ? "0" : token(i));
      start = i + 1;
      if (code === 45) deeper();
    } else if (isDigit(code)) {
      if (!digits && i > start) {
        if (begun) deeper();
        const word = text.slice(start, i);
        add(keyOf(letters.get(word) ?? word));
        start = i;
        deeper();
      }
      digits = true;
    } else {
      if (digits && i > start) {
        add(token(i));
        start = i;
        deeper();
      }
      digits = false;
    }
  }
  if (text.length > start) {
    if (!digits && begun) deeper();
    add(token(text.length));
  }
  trim();
  // A list left empty at the end says nothing itself.
  while (starts.at(-1) === items.length && starts.length > 0) starts.pop();
  return { items, starts };
}

function compareItems(a: string, b: string): number {
  const aQualifier = isQualifier(a);
  if (aQualifier !== isQualifier(b)) return aQualifier ? -1 : 1;
  return aQualifier ? compareText(a, b) : compareDigits(a, b);
}

/** The rest of a version, from an item on, against nothing. */
function compareRest({ items }: Levels, from: number): number {
  for (let i = from; i < items.length; i++) {
    const item = items[i] ?? "";
    if (isNull(item)) continue;
    return isQualifier(item) ? compareText(item, releaseKey) : 1;
  }
  return 0;
}

/** The first item of a list that has no counterpart: against the other's inner list if it has one, else against nothing. */
function compareOver(levels: Levels, at: number, otherGoesOn: boolean): number {
  // Words come before lists, lists before numbers.
  if (otherGoesOn) return isQualifier(levels.items[at] ?? "") ? -1 : 1;
  return compareRest(levels, at);
}

function compareLevels(a: Levels, b: Levels): number {
  const levels = Math.max(a.starts.length, b.starts.length);
  for (let level = 0; level < levels; level++) {
    const [i, iEnd] = span(a, level);
    const [j, jEnd] = span(b, level);
    const common = Math.min(iEnd - i, jEnd - j);
    for (let k = 0; k < common; k++) {
      const order = compareItems(a.items[i + k] ?? "", b.items[j + k] ?? "");
      if (order !== 0) return order;
    }
    if (iEnd - i > common) return compareOver(a, i + common, b.starts.length > level + 1);
    if (jEnd - j > common) return -compareOver(b, j + common, a.starts.length > level + 1);
  }
  return 0;
}

/** Where a level's items start and end. */
function span({ items, starts }: Levels, level: number): readonly [number, number] {
  const start = starts[level] ?? items.length;
  return [start, starts[level + 1] ?? items.length];
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
