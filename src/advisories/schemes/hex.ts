import type { VersionScheme } from "../scheme.ts";
import { compareSemver, splitSemver, strictSemver } from "./semver-core.ts";

/** Elixir's `Version`: SemVer 2.0.0 with nothing left out, numbers of any length. */
export const hex: VersionScheme = {
  id: "hex",
  ecosystems: ["Hex"],
  valid: (version) => strictSemver(version),
  compare: (a, b) => (a === b ? 0 : compareSemver(splitSemver(a), splitSemver(b))),
  examples: [
    "2.0.1-alpha1 < 2.0.1",
    "2.0.1+build0 = 2.0.1",
    "1.0.0-10 > 1.0.0-9",
    "1.0.0-10 < 1.0.0-a",
    "1.0.0-a < 1.0.0-a.0",
    "1.10.0 > 1.9.9",
  ],
};
