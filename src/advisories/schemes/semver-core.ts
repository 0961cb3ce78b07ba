import { compareDigits, compareText, digitsEnd, isNumber } from "./digits.ts";

/** A version as Semantic Versioning 2.0.0 takes it apart, without judging it. */
export interface SemverParts {
  /** What the dots separate up to the pre-release: digits, for a valid version three of them. */
  readonly release: readonly string[];
  /** Undefined without a pre-release. */
  readonly pre: string | undefined;
  /** Undefined without build metadata. */
  readonly build: string | undefined;
}

/** Cuts a version at its first `+` and its first `-`; what comes right after the digits (`2.0.0rc2`) is a pre-release too. */
export function splitSemver(version: string, start = 0): SemverParts {
  const plus = version.indexOf("+", start);
  const end = plus < 0 ? version.length : plus;
  let at = start;
  let digits = digitsEnd(version, at);
  while (digits > at && version.charCodeAt(digits) === 46) {
    const next = digitsEnd(version, digits + 1);
    if (next === digits + 1) break;
    at = digits + 1;
    digits = next;
  }
  const rest = version.charCodeAt(digits) === 45 ? digits + 1 : digits;
  return {
    release: version.slice(start, digits).split("."),
    pre: digits < end ? version.slice(rest, end) : undefined,
    build: plus < 0 ? undefined : version.slice(plus + 1),
  };
}

/** Numbers one by one; what is missing is 0. */
export function compareReleases(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length || i < b.length; i++) {
    const order = compareDigits(a[i] ?? "", b[i] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

/** SemVer 2.0.0 § 11.4: numbers before words, numbers by value, words by code unit, the longer list later. */
export function compareIdentifiers(a: string, b: string): number {
  if (a === b) return 0;
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [x, y] = [left[i] ?? "", right[i] ?? ""];
    if (x === y) continue;
    const [xNumber, yNumber] = [isNumber(x), isNumber(y)];
    const order = xNumber && yNumber ? compareDigits(x, y) : xNumber ? -1 : yNumber ? 1 : compareText(x, y);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** SemVer 2.0.0 § 11.3: a pre-release comes before its release. */
export function comparePre(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return compareIdentifiers(a, b);
}

/** SemVer 2.0.0 § 11: build metadata has no part in it. */
export function compareSemver(a: SemverParts, b: SemverParts): number {
  return compareReleases(a.release, b.release) || comparePre(a.pre, b.pre);
}

/** Dot-separated identifiers of letters, digits and dashes, none empty; `strict`: numbers without zeros in front (§ 9). */
export function validIdentifiers(text: string, strict: boolean): boolean {
  return text
    .split(".")
    .every(
      (word) =>
        /^[0-9A-Za-z-]+$/.test(word) && !(strict && word.length > 1 && word.charCodeAt(0) === 48 && isNumber(word)),
    );
}

/** A number without zeros in front (§ 2). */
export function plainNumber(text: string): boolean {
  return isNumber(text) && (text.length === 1 || text.charCodeAt(0) !== 48);
}

/** Whether a text that starts at `start` is exactly a version of SemVer 2.0.0 § 2, 9 and 10. */
export function strictSemver(version: string, start = 0): boolean {
  const { release, pre, build } = splitSemver(version, start);
  if (release.length !== 3 || !release.every(plainNumber)) return false;
  if (pre !== undefined) {
    const dash = version.charCodeAt(start + release.join(".").length) === 45;
    if (!dash || !validIdentifiers(pre, true)) return false;
  }
  return build === undefined || validIdentifiers(build, false);
}
