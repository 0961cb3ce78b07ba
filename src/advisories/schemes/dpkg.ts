import type { VersionScheme } from "../scheme.ts";
import { compareDigits, digitsEnd, isDigit, isLetter } from "./digits.ts";

/** Debian Policy § 5.6.12: `[epoch:]upstream[-revision]`. */
interface Parts {
  readonly epoch: string;
  readonly upstream: string;
  readonly revision: string;
}

function split(version: string): Parts {
  const colon = version.indexOf(":");
  const dash = version.lastIndexOf("-");
  const end = dash > colon ? dash : version.length;
  return {
    epoch: colon < 0 ? "" : version.slice(0, colon),
    upstream: version.slice(colon + 1, end),
    revision: version.slice(end + 1),
  };
}

/** `~` before the end, the end and digits before letters, letters before everything else. */
function weight(code: number): number {
  if (Number.isNaN(code) || isDigit(code)) return 0;
  if (code === 126) return -1;
  return isLetter(code) ? code : code + 0x10000;
}

/** Runs of other characters and runs of digits in turn, each against its like. */
export function comparePart(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a.charCodeAt(i))) || (j < b.length && !isDigit(b.charCodeAt(j)))) {
      const left = weight(a.charCodeAt(i));
      const right = weight(b.charCodeAt(j));
      if (left !== right) return left - right;
      i++;
      j++;
    }
    const iEnd = digitsEnd(a, i);
    const jEnd = digitsEnd(b, j);
    const order = compareDigits(a.slice(i, iEnd), b.slice(j, jEnd));
    if (order !== 0) return order;
    i = iEnd;
    j = jEnd;
  }
  return 0;
}

function onlyLegal(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // + - . : ~
    if (!isDigit(code) && !isLetter(code) && code !== 43 && code !== 45 && code !== 46 && code !== 58 && code !== 126)
      return false;
  }
  return true;
}

/** The order of dpkg (Debian Policy § 5.6.12). Numbers are compared at any length. */
export const dpkg: VersionScheme = {
  id: "dpkg",
  ecosystems: ["Debian", "Ubuntu", "Echo"],
  valid(version) {
    const { epoch, upstream } = split(version);
    if (version.startsWith(":") || version.endsWith("-")) return false;
    // The epoch is a C int.
    if (digitsEnd(epoch, 0) !== epoch.length || compareDigits(epoch, "2147483647") > 0) return false;
    return isDigit(upstream.charCodeAt(0)) && onlyLegal(version, epoch.length);
  },
  compare(a, b) {
    if (a === b) return 0;
    const left = split(a);
    const right = split(b);
    return (
      comparePart(left.epoch, right.epoch) ||
      comparePart(left.upstream, right.upstream) ||
      comparePart(left.revision, right.revision)
    );
  },
  examples: [
    "1.0~rc1 < 1.0",
    "1.01a = 1.1a",
    "1.1b > 1.01a",
    "1:0.1 > 9.9",
    "0:1.0 = 1.0",
    "1.0-0 = 1.0",
    "1.0-1-2 > 1.0-1",
    "1.0+b1 > 1.0a",
    "1.2.3-4+deb12u1 > 1.2.3-4",
    "2.36-9+deb12u10 > 2.36-9+deb12u9",
    "1.99999999999999999999 > 1.99999999999999999998",
  ],
};
