import { expect, it } from "vitest";
import { rubygems } from "../../../src/advisories/schemes/rubygems.ts";
import { ask, expectAgreement, present } from "./agreement.ts";
import { numbers, pairsOf, realVersions } from "./generate.ts";

const alphabet = {
  starts: ["1", "1.0", "0", "0.0", "10", "", "a", "1.0.0", "01", "1-", " 1"],
  pieces: [
    ...numbers.map((number) => `.${number}`),
    "1",
    "0",
    ".0",
    ".0",
    "a",
    "b",
    ".a",
    ".Z",
    "rc1",
    ".rc",
    "-",
    "-1",
    "-java",
    ".pre.",
    ".b0",
    "_",
    "99999999999999999999",
  ],
};

const ruby = `
STDIN.each_line(chomp: true) do |line|
  a, b = line.split("\\t", -1)
  if !Gem::Version.correct?(a) || !Gem::Version.correct?(b) then puts "!"; next end
  puts ["=", ">", "<"][Gem::Version.new(a) <=> Gem::Version.new(b)]
end`;

it.skipIf(!present("ruby", ["-e", "Gem::Version"], "Ruby"))(
  "Gem::Version orders 60,000 pairs as we do, and accepts the same ones",
  { timeout: 60_000 },
  () => {
    const pairs = pairsOf(alphabet, 60_000, 8, realVersions("RubyGems"));
    expect(expectAgreement(rubygems, pairs, ask("ruby", ["-e", ruby], pairs))).toBeGreaterThan(20_000);
  },
);
