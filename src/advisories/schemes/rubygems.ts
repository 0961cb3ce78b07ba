import type { VersionScheme } from "../scheme.ts";
import { compareDigits, compareText, digitsEnd, isDigit, isLetter, withoutZeros } from "./digits.ts";

function lettersEnd(text: string, from: number): number {
  let end = from;
  while (isLetter(text.charCodeAt(end))) end++;
  return end;
}

/** Takes zeros off the end of a list. */
function dropZeros(segments: string[]): void {
  while (segments.length > 0 && withoutZeros(segments.at(-1) ?? "") === "") segments.pop();
}

/** Runs of digits and of letters; a dash is `.pre.`. Zeros at the end, and at the end of the numbers in front, say nothing. */
function segmentsOf(version: string): readonly string[] {
  const segments: string[] = [];
  let released = true;
  const word = (text: string): void => {
    if (released) dropZeros(segments);
    released = false;
    segments.push(text);
  };
  for (let at = 0; at < version.length; ) {
    const code = version.charCodeAt(at);
    const end = isDigit(code) ? digitsEnd(version, at) : isLetter(code) ? lettersEnd(version, at) : at + 1;
    if (isDigit(code)) segments.push(version.slice(at, end));
    else if (isLetter(code)) word(version.slice(at, end));
    else if (code === 45) word("pre");
    at = end;
  }
  dropZeros(segments);
  return segments;
}

/** `Gem::Version`: letters make a pre-release. The platform of a gem (`1.19.3-java`) is no part of its version. */
export const rubygems: VersionScheme = {
  id: "rubygems",
  ecosystems: ["RubyGems"],
  valid(version) {
    const text = version.trim();
    if (text === "") return true;
    const dash = text.indexOf("-");
    const words = (dash < 0 ? text : text.slice(0, dash)).split(".");
    return (
      /^[0-9]+$/.test(words[0] ?? "") &&
      words.every((word) => /^[0-9A-Za-z]+$/.test(word)) &&
      (dash < 0 ||
        text
          .slice(dash + 1)
          .split(".")
          .every((word) => /^[0-9A-Za-z-]+$/.test(word)))
    );
  },
  compare(a, b) {
    if (a === b) return 0;
    const left = segmentsOf(a);
    const right = segmentsOf(b);
    for (let i = 0; i < left.length || i < right.length; i++) {
      const x = left[i] ?? "0";
      const y = right[i] ?? "0";
      const xNumber = isDigit(x.charCodeAt(0));
      const yNumber = isDigit(y.charCodeAt(0));
      const order = xNumber && yNumber ? compareDigits(x, y) : xNumber ? 1 : yNumber ? -1 : compareText(x, y);
      if (order !== 0) return order;
    }
    return 0;
  },
  examples: [
    "1.0.a < 1.0",
    "1.0.b1 < 1.0.b2",
    "1.0 = 1.0.0",
    "1.0.0-rc1 < 1.0.0",
    "1.0-1 < 1.0",
    "1.a10 > 1.a9",
    "1.0.0.1 > 1.0.0",
    "3.2.0.rc1 < 3.2.0",
    "1.8.7.374 > 1.8.7.72",
  ],
};
