import type { VersionScheme } from "../scheme.ts";
import { compareDigits } from "./digits.ts";
import { compareSemver, splitSemver, strictSemver } from "./semver-core.ts";

/** Where the version starts after spaces, `=` and `v`: `v1.2.3` and `= 1.2.3` are 1.2.3 to npm, and in advisories. */
function start(version: string): number {
  let at = 0;
  while (at < version.length && "v= \t\r\n".includes(version.charAt(at))) at++;
  return at;
}

/** npm's bounds: 256 characters, and numbers that JavaScript holds exactly. */
const longest = 256;
const largest = String(Number.MAX_SAFE_INTEGER);

/**
 * Semantic Versioning 2.0.0 as npm reads it. Advisories also hold versions of one, two or four numbers, and `2.0.0rc2`: not
 * valid, and yet ordered as they are meant.
 */
export const semver: VersionScheme = {
  id: "semver",
  ecosystems: ["npm", "crates.io", "SwiftURL", "GitHub Actions", "Julia", "ConanCenter"],
  valid(version) {
    if (version.length > longest) return false;
    const text = version.trim();
    const at = text.charCodeAt(0) === 118 ? 1 : 0;
    return (
      strictSemver(text, at) && splitSemver(text, at).release.every((number) => compareDigits(number, largest) <= 0)
    );
  },
  compare(a, b) {
    if (a === b) return 0;
    return compareSemver(splitSemver(a.trimEnd(), start(a)), splitSemver(b.trimEnd(), start(b)));
  },
  examples: [
    "1.0.0-alpha < 1.0.0-alpha.1",
    "1.0.0-alpha.1 < 1.0.0-alpha.beta",
    "1.0.0-beta.2 < 1.0.0-beta.11",
    "1.0.0-rc.1 < 1.0.0",
    "1.0.0+a = 1.0.0+b",
    "v1.2.3 = 1.2.3",
    "0.0.0.1 > 0.0.0",
    "2.0.0rc2 < 2.0.0",
    "1.2 = 1.2.0",
    "10.0.0 > 9.9.9",
  ],
};
