import type { VersionScheme } from "../scheme.ts";
import { compareDigits, compareText, isNumber, withoutZeros } from "./digits.ts";
import { compareReleases, type SemverParts, splitSemver, validIdentifiers } from "./semver-core.ts";

const largest = "2147483647";

/** A label that .NET reads as an `int`; longer ones are words to it. */
function asInt(label: string): { readonly negative: boolean; readonly digits: string } | undefined {
  const negative = label.charCodeAt(0) === 45;
  const digits = negative ? label.slice(1) : label;
  if (!isNumber(digits)) return undefined;
  const over = compareDigits(digits, largest) > 0 && !(negative && withoutZeros(digits) === "2147483648");
  return over ? undefined : { negative: negative && withoutZeros(digits) !== "", digits };
}

function compareLabels(a: string, b: string): number {
  const x = asInt(a);
  const y = asInt(b);
  if (x === undefined || y === undefined) return x === y ? compareText(a.toUpperCase(), b.toUpperCase()) : x ? -1 : 1;
  if (x.negative !== y.negative) return x.negative ? -1 : 1;
  return x.negative ? compareDigits(y.digits, x.digits) : compareDigits(x.digits, y.digits);
}

function comparePre(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = compareLabels(left[i] ?? "", right[i] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function split(version: string): SemverParts {
  return splitSemver(version.trim());
}

/** NuGet's `NuGetVersion`: one to four numbers, labels whatever their case, build metadata without effect. */
export const nuget: VersionScheme = {
  id: "nuget",
  ecosystems: ["NuGet"],
  valid(version) {
    const text = version.trim();
    const { release, pre, build } = split(text);
    return (
      release.length <= 4 &&
      release.every((part) => isNumber(part) && compareDigits(part, largest) <= 0) &&
      (pre === undefined || (text.charCodeAt(release.join(".").length) === 45 && validIdentifiers(pre, false))) &&
      (build === undefined || validIdentifiers(build, false))
    );
  },
  compare(a, b) {
    if (a === b) return 0;
    const left = split(a);
    const right = split(b);
    return compareReleases(left.release, right.release) || comparePre(left.pre, right.pre);
  },
  examples: [
    "1.0.0.1 > 1.0.0",
    "1.0 = 1.0.0.0",
    "1.01.1 = 1.1.1",
    "1.0.0-BETA = 1.0.0-beta",
    "1.0.0-beta.9 < 1.0.0-beta.10",
    "1.0.0-1 < 1.0.0-a",
    "1.0.0+a = 1.0.0+b",
    "1.0.0-rc < 1.0.0",
  ],
};
