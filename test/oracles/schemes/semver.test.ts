import npm from "semver";
import { expect, it } from "vitest";
import { semver } from "../../../src/advisories/schemes/semver.ts";
import { type Answer, expectAgreement, ourAnswer } from "./agreement.ts";
import { numbers, pairsOf, realVersions } from "./generate.ts";

const alphabet = {
  starts: [
    "1.2.3",
    "0.0.0",
    "1.0.0",
    "v1.0.0",
    "=1.0.0",
    "01.0.0",
    "1.2.3-a",
    "1.2.3-rc",
    "1.2.3-1",
    "1.0.0-0",
    "9007199254740991.0.0",
    "9007199254740992.0.0",
    " 1.0.0",
  ],
  pieces: [
    ...numbers.slice(0, 6),
    ".01",
    ".10",
    ".9",
    "-",
    "-",
    "+",
    "a",
    "b",
    "Z",
    "rc",
    "alpha",
    ".1",
    ".x",
    "--",
    "+build",
  ],
};

it("npm's semver orders 120,000 pairs as we do, and accepts the same ones", () => {
  const pairs = pairsOf(alphabet, 120_000, 5, realVersions("npm", "crates.io"));
  const answers = pairs.map(([a, b]): Answer => {
    if (npm.valid(a) === null || npm.valid(b) === null) return "!";
    const order = npm.compare(a, b);
    return order < 0 ? "<" : order > 0 ? ">" : "=";
  });
  expect(expectAgreement(semver, pairs, answers)).toBeGreaterThan(20_000);
});

it("npm's loose reading of what is almost a version is ours", () => {
  const starts = ["1.2.3", "v1.2.3", "=v1.2.3", "0.0.1", "1.0.0"];
  const pieces = ["alpha", "beta.1", "-rc.1", "rc2", "-1", ".1", "+b"];
  const pairs = pairsOf({ starts, pieces }, 5_000, 6).filter((pair) =>
    pair.every((version) => npm.valid(version, true) !== null),
  );
  const wrong = pairs.filter((pair) => {
    const order = npm.compare(pair[0], pair[1], true);
    return ourAnswer(semver, pair) !== (order < 0 ? "<" : order > 0 ? ">" : "=");
  });
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(pairs.length).toBeGreaterThan(1_000);
});
