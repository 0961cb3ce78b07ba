import type { VersionScheme } from "../scheme.ts";
import { compareDigits, isNumber } from "./digits.ts";
import { comparePre, compareReleases, splitSemver } from "./semver-core.ts";

interface Parts {
  readonly release: readonly string[];
  readonly pre: string | undefined;
  readonly revision: string;
}

/** "1.25.3-2" is the second packaging of 1.25.3, "1.0.0-rc.1-3" the third of a pre-release. */
function split(version: string): Parts {
  const { release, pre } = splitSemver(version);
  const tail = pre?.slice(pre.lastIndexOf("-") + 1) ?? "";
  if (pre === undefined || !isNumber(tail)) return { release, pre, revision: "" };
  return { release, pre: tail === pre ? undefined : pre.slice(0, -tail.length - 1), revision: tail };
}

/** Bitnami's versions: semantic ones, with the number of the packaging behind, which comes after none. */
export const bitnami: VersionScheme = {
  id: "bitnami",
  ecosystems: ["Bitnami"],
  valid: (version) => /^\d+(?:\.\d+)*(?:-[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)?$/.test(version),
  compare(a, b) {
    if (a === b) return 0;
    const [left, right] = [split(a), split(b)];
    return (
      compareReleases(left.release, right.release) ||
      comparePre(left.pre, right.pre) ||
      compareDigits(left.revision, right.revision)
    );
  },
  examples: [
    "1.25.3-2 > 1.25.3",
    "1.25.3-2 < 1.25.3-10",
    "1.25.3-10 < 1.25.4",
    "1.0.0-rc.1 < 1.0.0",
    "1.0.0-rc.1-3 > 1.0.0-rc.1",
    "1.0.0-rc.1-3 < 1.0.0",
    "1.0.0-0 = 1.0.0",
    "8.0.35 > 8.0.9-1",
  ],
};
