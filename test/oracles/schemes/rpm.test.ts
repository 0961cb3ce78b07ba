import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rpm } from "../../../src/advisories/schemes/rpm.ts";
import { ask, expectAgreement, present } from "./agreement.ts";
import { numbers, pairsOf } from "./generate.ts";

const long = ["99999999999999999999", "18446744073709551616"];
const alphabet = {
  starts: ["1", "0", "2.0", "1:1", "0:1", "01:2", "10", "a", "~1", "^", "1."],
  pieces: [
    ...numbers,
    ...long,
    ".",
    ".",
    "-1",
    "-",
    "+",
    "~",
    "~",
    "^",
    "^",
    "_",
    "a",
    "b",
    "Z",
    "rc",
    ".el9",
    ".fc40",
    "..",
    "~^",
    "^~",
  ],
};

it.skipIf(!present("rpm", ["--version"], "rpm"))("rpm orders 40,000 pairs of versions as we do", () => {
  const pairs = pairsOf(alphabet, 40_000, 3).filter(([a, b]) => rpm.valid(a) && rpm.valid(b));
  const script = join(tmpdir(), `plimsoll-vercmp-${process.pid}.lua`);
  writeFileSync(
    script,
    `for line in io.lines() do
       local a, b = line:match("^([^\\t]*)\\t(.*)$")
       local c = rpm.vercmp(a, b)
       print((c < 0 and "<" or c > 0 and ">" or "=") .. "\\n")
     end`,
  );
  const answers = ask("rpm", ["--eval", `%{lua: dofile("${script}")}`], pairs);
  expect(expectAgreement(rpm, pairs, answers)).toBeGreaterThan(20_000);
});
