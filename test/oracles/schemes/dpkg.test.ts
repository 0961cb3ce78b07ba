import { expect, it } from "vitest";
import { dpkg } from "../../../src/advisories/schemes/dpkg.ts";
import { ask, expectAgreement, present } from "./agreement.ts";
import { numbers, pairsOf, realVersions } from "./generate.ts";

const alphabet = {
  starts: ["1", "0", "2.0", "1:1", "0:1", "01:2", "10", "1.", "00", "9:", "", ":1", "a", "1:1:2"],
  pieces: [
    ...numbers,
    ".",
    ".",
    "-",
    "+",
    "~",
    "~~",
    "a",
    "b",
    "Z",
    "rc",
    "+deb12u1",
    "~bpo12+1",
    "-1",
    ":",
    "_",
    "-0",
    ".0",
  ],
};

/** dpkg's Perl side: quick, its numbers end at 2^53. */
const perl = `
use Dpkg::Version; $| = 0;
while (<STDIN>) { chomp; my ($a, $b) = split /\\t/, $_, -1;
  if (!version_check($a) || !version_check($b)) { print "!\\n"; next }
  my $c = version_compare($a, $b); print $c < 0 ? "<" : $c > 0 ? ">" : "=", "\\n" }`;

/** dpkg itself: one process a pair. */
const shell = `while IFS="$(printf '\\t')" read -r a b; do
  if dpkg --compare-versions "$a" lt "$b"; then echo "<"; elif dpkg --compare-versions "$a" gt "$b"; then echo ">"; else echo "="; fi
done`;

it.skipIf(!present("perl", ["-MDpkg::Version", "-e", "1"], "Perl's Dpkg::Version"))(
  "dpkg's Perl module orders 60,000 pairs of Debian versions as we do",
  () => {
    // dpkg takes neither a version that ends with its colon nor an epoch over 2^31; the module does.
    const pairs = pairsOf(alphabet, 60_000, 1, realVersions("Debian", "Ubuntu")).filter(
      (pair) => !pair.some((version) => /:$|^[0-9]{10,}:/.test(version)),
    );
    const ordered = expectAgreement(dpkg, pairs, ask("perl", ["-e", perl], pairs));
    expect(ordered).toBeGreaterThan(20_000);
  },
);

it.skipIf(!present("dpkg", ["--version"], "dpkg"))(
  "dpkg itself agrees, on numbers of 20 digits too",
  { timeout: 120_000 },
  () => {
    // dpkg's own numbers have no bound: it compares digits.
    const long = ["99999999999999999999", "18446744073709551616", "18446744073709551615", "000000000000000000000001"];
    const pairs = pairsOf(
      { starts: ["1", "0", "2:3", "1."], pieces: [...alphabet.pieces, ...long, ...long] },
      3_000,
      2,
    ).filter(([a, b]) => dpkg.valid(a) && dpkg.valid(b));
    expect(expectAgreement(dpkg, pairs, ask("sh", ["-c", shell], pairs))).toBeGreaterThan(700);
  },
);
