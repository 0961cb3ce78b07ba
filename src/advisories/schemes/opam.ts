import type { VersionScheme } from "../scheme.ts";
import { comparePart } from "./dpkg.ts";

/** opam's order: dpkg's of one part, for there are no epochs and no revisions (opam manual, "Version ordering"). */
export const opam: VersionScheme = {
  id: "opam",
  ecosystems: ["opam"],
  valid: (version) => /^[\w+.~-]+$/.test(version),
  compare: (a, b) => (a === b ? 0 : comparePart(a, b)),
  examples: [
    "~~ < ~",
    "~beta2 < ~beta10",
    "~beta10 < 0.1",
    "1.0~beta < 1.0",
    "1.0 < 1.0-test",
    "1.0-test < 1.0.1",
    "1.0.1 < 1.0.10",
    "1.0.10 < dev",
    "dev < trunk",
    "v0.16.0 > v0.9.0",
  ],
};
