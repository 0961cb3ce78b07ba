import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { go } from "../../../src/advisories/schemes/go.ts";
import { ask, expectAgreement, present } from "./agreement.ts";
import { numbers, pairsOf, realVersions } from "./generate.ts";

const alphabet = {
  starts: [
    "1.2.3",
    "0.0.0",
    "1.0.0",
    "1.2",
    "1",
    "01.0.0",
    "1.2.3-a",
    "1.0.0-0",
    "0.0.0-20190101000000-abcdefabcdef",
    "99999999999999999999.0.0",
    "2.0.0+incompatible",
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
    ".1",
    ".x",
    "--",
    "+incompatible",
    ".0.20200101000000-abcdefabcdef",
  ],
};

/**
 * Every toolchain there could have been. To go/version "go1.21" names a language, which comes before go1.21rc1; to
 * vulnerability data it is the release 1.21.0, so it is left out.
 */
const toolchains = Array.from({ length: 18 }, (_, i) => `go1.${i + 8}`).flatMap((minor, i) =>
  ["beta1", "beta2", "rc1", "rc2", "rc10", ".0", ".1", ".9", ".10", ...(i < 13 ? [""] : [])].map(
    (rest) => minor + rest,
  ),
);

const program = `package main
import ("bufio"; "fmt"; "os"; "strings"; "oracle/semver"; "go/version")
func main() {
  in := bufio.NewScanner(os.Stdin); out := bufio.NewWriter(os.Stdout); defer out.Flush()
  for in.Scan() {
    pair := strings.Split(in.Text(), "\\t"); a, b := pair[0], pair[1]; c := 0
    if strings.HasPrefix(a, "go") {
      if !version.IsValid(a) || !version.IsValid(b) { fmt.Fprintln(out, "!"); continue }
      c = version.Compare(a, b)
    } else {
      if !semver.IsValid("v"+a) || !semver.IsValid("v"+b) { fmt.Fprintln(out, "!"); continue }
      c = semver.Compare("v"+a, "v"+b)
    }
    fmt.Fprintln(out, []string{"<", "=", ">"}[c+1])
  }
}
`;

/** The toolchain carries golang.org/x/mod/semver, so that no network is needed. */
function vendored(): string | undefined {
  const said = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" });
  const path = join(said.stdout?.trim() ?? "", "src/cmd/vendor/golang.org/x/mod/semver/semver.go");
  return said.status === 0 && existsSync(path) ? path : undefined;
}

describe.skipIf(!present("go", ["version"], "the Go toolchain") || vendored() === undefined)("Go's own tools", () => {
  let directory = "";
  let binary = "";
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "plimsoll-go-"));
    binary = join(directory, "compare");
    mkdirSync(join(directory, "semver"));
    copyFileSync(vendored() ?? "", join(directory, "semver/semver.go"));
    writeFileSync(join(directory, "go.mod"), "module oracle\n\ngo 1.22\n");
    writeFileSync(join(directory, "main.go"), program);
    execFileSync("go", ["build", "-o", binary, "."], {
      cwd: directory,
      env: { ...process.env, GOFLAGS: "-mod=mod", GOTOOLCHAIN: "local", GOPROXY: "off" },
    });
  }, 120_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("golang.org/x/mod/semver orders 100,000 pairs of module versions as we do", () => {
    const pairs = pairsOf(alphabet, 100_000, 11, realVersions("Go")).filter(
      // OSV writes the toolchain's candidates as it does modules' ones; what Go writes itself comes below.
      (pair) => !pair.some((version) => /[0-9](?:rc|beta)/.test(version)),
    );
    expect(expectAgreement(go, pairs, ask(binary, [], pairs))).toBeGreaterThan(20_000);
  });

  it("go/version orders all pairs of toolchain versions as we do", () => {
    const pairs = toolchains.flatMap((a) => toolchains.map((b) => [a, b] as const));
    expect(expectAgreement(go, pairs, ask(binary, [], pairs))).toBeGreaterThan(20_000);
  });
});
