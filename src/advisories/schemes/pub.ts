import type { VersionScheme } from "../scheme.ts";
import { isNumber } from "./digits.ts";
import { compareIdentifiers, compareSemver, splitSemver, validIdentifiers } from "./semver-core.ts";

/** Dart's `pub_semver`: SemVer 2.0.0, but build metadata orders too, and a version with it comes after the one without. */
export const pub: VersionScheme = {
  id: "pub",
  ecosystems: ["Pub"],
  valid(version) {
    const { release, pre, build } = splitSemver(version);
    return (
      release.length === 3 &&
      release.every(isNumber) &&
      (pre === undefined || (version.charCodeAt(release.join(".").length) === 45 && validIdentifiers(pre, false))) &&
      (build === undefined || validIdentifiers(build, false))
    );
  },
  compare(a, b) {
    if (a === b) return 0;
    const left = splitSemver(a);
    const right = splitSemver(b);
    const order = compareSemver(left, right);
    if (order !== 0) return order;
    if (left.build === undefined || right.build === undefined)
      return left.build === right.build ? 0 : left.build === undefined ? -1 : 1;
    return compareIdentifiers(left.build, right.build);
  },
  examples: [
    "1.0.0 < 1.0.0+1",
    "1.0.0+9 < 1.0.0+10",
    "1.0.0+10 < 1.0.0+a",
    "1.0.0-dev.1+5 < 1.0.0",
    "1.0.0-alpha < 1.0.0-alpha.1",
    "1.0.0+build < 1.0.1",
  ],
};
