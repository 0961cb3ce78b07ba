import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { maven } from "../../../src/advisories/schemes/maven.ts";
import { ask, expectAgreement, present } from "./agreement.ts";
import { numbers, pairsOf, realVersions } from "./generate.ts";

/** Maven's own jar, as Debian's maven and libmaven3-core-java install it. */
const jars = ["/usr/share/java/maven-artifact-3.x.jar", "/usr/share/maven/lib/maven-artifact-3.x.jar"];

const alphabet = {
  starts: ["1", "1.0", "0", "1.0.0", "a", "1-1", "01", "2.0.1", ".1", "-1", "final"],
  pieces: [
    ...numbers,
    "99999999999999999999",
    "1000000000",
    ".",
    ".",
    "-",
    "-",
    ".0",
    "-0",
    "a",
    "b1",
    "m",
    "rc",
    "cr",
    "-alpha",
    "beta",
    "milestone",
    "-SNAPSHOT",
    ".Final",
    "ga",
    "-ga",
    ".RELEASE",
    "sp",
    "-sp1",
    "x",
    "jre",
    "-jre8",
    "q",
    "_",
    "+",
  ],
};

const java = `
import java.io.*; import org.apache.maven.artifact.versioning.ComparableVersion;
public class Compare { public static void main(String[] args) throws IOException {
  BufferedReader in = new BufferedReader(new InputStreamReader(System.in)); StringBuilder out = new StringBuilder();
  for (String line; (line = in.readLine()) != null; ) { String[] pair = line.split("\\t");
    int c = new ComparableVersion(pair[0]).compareTo(new ComparableVersion(pair[1]));
    out.append(c < 0 ? "<\\n" : c > 0 ? ">\\n" : "=\\n"); }
  System.out.print(out); } }`;

const jar = jars.find((path) => existsSync(path));
if (jar === undefined) process.stderr.write("skipped: Maven's jar is not here\n");

it.skipIf(jar === undefined || !present("javac", ["-version"], "a Java compiler"))(
  "Maven's ComparableVersion orders 80,000 pairs as we do",
  { timeout: 60_000 },
  () => {
    const directory = mkdtempSync(join(tmpdir(), "plimsoll-maven-"));
    try {
      const source = join(directory, "Compare.java");
      writeFileSync(source, java);
      const pairs = pairsOf(alphabet, 80_000, 10, realVersions("Maven"));
      const answers = ask("java", ["-cp", `${jar}:/usr/share/java/commons-lang3.jar`, source], pairs);
      expect(expectAgreement(maven, pairs, answers)).toBeGreaterThanOrEqual(80_000);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
