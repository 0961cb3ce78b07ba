import { expect, it } from "vitest";
import { composer } from "../../../src/advisories/schemes/composer.ts";
import { ask, expectAgreement, present } from "./agreement.ts";
import { numbers, pairsOf } from "./generate.ts";

const alphabet = {
  starts: [
    "1",
    "1.0",
    "v1.2",
    "1.2.3",
    "1.2.3.4",
    "0",
    "20240131",
    "2024-01-31",
    "2024.01.31",
    "12345",
    "V1",
    " 1.0",
    "1.x",
    "master",
    "1.0",
    "2.0.0",
    "1.0.0",
  ],
  pieces: [
    ...numbers.map((number) => `.${number}`),
    "-dev",
    "dev",
    "-alpha",
    "alpha1",
    "-beta.2",
    "b3",
    "RC1",
    "-rc",
    "-p1",
    "pl2",
    "-patch",
    ".5",
    "-5",
    "1",
    "0",
    "-",
    ".",
    "_",
    "+b1",
    "@beta",
    "stable",
    ".x",
    " as 1.0",
    "a",
    ".0",
    ".1",
    "-beta",
    "-RC",
  ],
};

const php = `
require "Composer/Semver/autoload.php";
$parser = new Composer\\Semver\\VersionParser();
while (($line = fgets(STDIN)) !== false) {
  [$a, $b] = explode("\\t", rtrim($line, "\\n"));
  try { $a = $parser->normalize($a); $b = $parser->normalize($b); } catch (UnexpectedValueException $e) { echo "!\\n"; continue; }
  if (strpos($a, "dev-") === 0 || strpos($b, "dev-") === 0) { echo "!\\n"; continue; }
  echo Composer\\Semver\\Comparator::lessThan($a, $b) ? "<" : (Composer\\Semver\\Comparator::greaterThan($a, $b) ? ">" : "="), "\\n";
}`;

it.skipIf(!present("php", ["-r", 'require "Composer/Semver/autoload.php";'], "PHP with composer/semver"))(
  "Composer orders 80,000 pairs as we do, and accepts the same ones",
  { timeout: 60_000 },
  () => {
    const pairs = pairsOf(alphabet, 80_000, 9);
    expect(expectAgreement(composer, pairs, ask("php", ["-r", php], pairs))).toBeGreaterThan(20_000);
  },
);
