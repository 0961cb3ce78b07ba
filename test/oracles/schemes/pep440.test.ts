import { expect, it } from "vitest";
import { pep440 } from "../../../src/advisories/schemes/pep440.ts";
import { ask, expectAgreement, present } from "./agreement.ts";
import { numbers, pairsOf, realVersions } from "./generate.ts";

const alphabet = {
  starts: ["1", "1.0", "v1", "1!1", "0!1", "2!0.0", "0", "01.2", " 1", "V1", "1.0.0", "20240131", "x"],
  pieces: [
    ...numbers.map((number) => `.${number}`),
    "a",
    "b1",
    "rc",
    "c2",
    ".dev",
    ".dev1",
    "dev",
    ".post",
    ".post1",
    "-1",
    "-",
    ".",
    "_",
    "1",
    "0",
    "alpha",
    "BETA.2",
    "-preview-3",
    "pre",
    "rev",
    "r",
    "r4",
    ".0",
    "+local",
    "+1",
    "+1.a-B_2",
    "+a.01",
    "Post",
    "99999999999999999999",
    "!",
  ],
};

const python = `
import sys
try: from packaging.version import Version, InvalidVersion
except ImportError: from pip._vendor.packaging.version import Version, InvalidVersion
for line in sys.stdin.read().split("\\n")[:-1]:
    a, b = line.split("\\t")
    try: a, b = Version(a), Version(b)
    except InvalidVersion: print("!"); continue
    print("<" if a < b else ">" if a > b else "=")`;

it.skipIf(!present("python3", ["-c", "import pip._vendor.packaging.version"], "Python's packaging"))(
  "Python's packaging orders 80,000 pairs as we do, and accepts the same ones",
  { timeout: 60_000 },
  () => {
    const pairs = pairsOf(alphabet, 80_000, 7, realVersions("PyPI"));
    expect(expectAgreement(pep440, pairs, ask("python3", ["-c", python], pairs))).toBeGreaterThan(20_000);
  },
);
