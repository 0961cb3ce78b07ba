import type { VersionScheme } from "../scheme.ts";
import { digitsEnd, isLetter } from "./digits.ts";
import { compareSemver, plainNumber, type SemverParts, splitSemver, validIdentifiers } from "./semver-core.ts";

/** Module versions have a `v`, toolchain versions a `go`, OSV's neither. */
function start(version: string): number {
  return version.startsWith("go") ? 2 : version.startsWith("v") ? 1 : 0;
}

/** As {@link splitSemver}, with the toolchain's `1.21rc2` read as OSV writes it: `1.21.0-rc.2`. */
function split(version: string): SemverParts {
  const parts = splitSemver(version, start(version));
  if (parts.pre === undefined || !isToolchain(version, parts)) return parts;
  let word = 0;
  while (isLetter(parts.pre.charCodeAt(word))) word++;
  return { ...parts, pre: `${parts.pre.slice(0, word)}.${parts.pre.slice(word)}` };
}

function isToolchain(version: string, { release, pre }: SemverParts): boolean {
  if (pre === undefined || release.length > 3) return false;
  const after = start(version) + release.join(".").length;
  if (version.charCodeAt(after) === 45) return false;
  const word = pre.startsWith("rc") ? 2 : pre.startsWith("beta") ? 4 : 0;
  return word > 0 && word < pre.length && digitsEnd(pre, word) === pre.length;
}

/**
 * Go: `golang.org/x/mod/semver` for modules (with or without `v`; numbers of any length; pseudo-versions are pre-releases,
 * `+incompatible` has no effect) and the toolchain's `go1.21rc2` for the standard library.
 */
export const go: VersionScheme = {
  id: "go",
  ecosystems: ["Go"],
  valid(version) {
    const parts = splitSemver(version, start(version));
    const { release, pre, build } = parts;
    if (release.length > 3 || !release.every(plainNumber)) return false;
    if (isToolchain(version, parts)) return build === undefined;
    if (pre === undefined && build === undefined) return true;
    // A short version has nothing behind it (semver.IsValid).
    const dash = version.charCodeAt(start(version) + release.join(".").length) === 45;
    return (
      release.length === 3 &&
      (pre === undefined || (dash && validIdentifiers(pre, true))) &&
      (build === undefined || validIdentifiers(build, false))
    );
  },
  compare: (a, b) => (a === b ? 0 : compareSemver(split(a), split(b))),
  examples: [
    "v1.2.3 = 1.2.3",
    "go1.21rc2 < go1.21.0",
    "go1.21rc2 = 1.21.0-rc.2",
    "go1.9beta2 < go1.9rc1",
    "1.2 = 1.2.0",
    "v0.0.0-20190101000000-abcdefabcdef < v0.0.0-20200101000000-abcdefabcdef",
    "v1.2.4-0.20200101000000-abcdefabcdef > v1.2.3",
    "v1.2.4-0.20200101000000-abcdefabcdef < v1.2.4",
    "v2.0.0+incompatible = v2.0.0",
  ],
};
