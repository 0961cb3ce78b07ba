import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apk } from "../../../src/advisories/schemes/apk.ts";
import { type Answer, expectAgreement, type Pair } from "./agreement.ts";
import { numbers, pairsOf, realVersions } from "./generate.ts";

const archive = resolve(import.meta.dirname, "../../../../shared/rootfs/alpine-minirootfs-3.20.3-x86_64.tar.gz");

const alphabet = {
  starts: ["1", "0", "2.0", "10", "00", "01", "1.2.3", "20240131"],
  pieces: [
    ...numbers.map((number) => `.${number}`),
    "1",
    "0",
    "9",
    "a",
    "b",
    "z",
    "-r0",
    "-r1",
    "-r10",
    "_alpha",
    "_beta",
    "_pre",
    "_rc",
    "_cvs",
    "_svn",
    "_git",
    "_hg",
    "_p",
    "_p1",
    "_rc2",
    "_git20240131",
    "_alpha01",
    ".0",
    ".01",
    ".000",
    "99999999999999",
    "-",
    "~a1",
    ".",
    "_",
    "_foo",
    "A",
  ],
};

/** apk in a root file system of its own, or why not. */
function missing(): string | undefined {
  if (!existsSync(archive)) return "no Alpine root file system lies beside the project";
  if (process.getuid?.() !== 0) return "apk needs root to run in its own root file system";
  return undefined;
}

const why = missing();
if (why !== undefined) process.stderr.write(`skipped: ${why}\n`);

describe.skipIf(why !== undefined)("apk-tools 2", () => {
  let root = "";
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "plimsoll-apk-"));
    execFileSync("tar", ["-xzf", archive, "-C", root]);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** Those that `apk version --check` prints are invalid. */
  function invalidOf(versions: readonly string[]): Set<string> {
    const invalid = new Set<string>();
    for (let i = 0; i < versions.length; i += 2000) {
      const { stdout } = spawnSync(
        "chroot",
        [root, "/sbin/apk", "version", "-c", "--", ...versions.slice(i, i + 2000)],
        {
          encoding: "utf8",
        },
      );
      for (const line of stdout.split("\n")) invalid.add(line);
    }
    return invalid;
  }

  /**
   * Which pairs are in order, in one go: apk compares each installed package with the one on offer, and prints "<" where
   * that one is newer.
   */
  function smaller(pairs: readonly Pair[]): readonly boolean[] {
    const entry = (side: 0 | 1): string =>
      pairs
        .map((pair, i) => {
          const identity = createHash("sha1").update(`${side} ${i}`).digest("base64");
          return `C:Q1${identity}\nP:x${i}\nV:${pair[side]}\nA:x86_64\nS:1\nI:1\nT:t\nU:u\nL:MIT\n\n`;
        })
        .join("");
    mkdirSync(join(root, "offer/x86_64"), { recursive: true });
    writeFileSync(join(root, "etc/apk/repositories"), "/offer\n");
    writeFileSync(join(root, "etc/apk/world"), "");
    writeFileSync(join(root, "lib/apk/db/installed"), entry(0));
    writeFileSync(join(root, "offer/APKINDEX"), entry(1));
    writeFileSync(join(root, "offer/DESCRIPTION"), "offer");
    const offer = join(root, "offer");
    execFileSync("tar", ["-czf", join(offer, "x86_64/APKINDEX.tar.gz"), "-C", offer, "DESCRIPTION", "APKINDEX"]);
    const { stdout } = spawnSync(
      "chroot",
      [root, "/sbin/apk", "--allow-untrusted", "--no-network", "version", "-v", "-l", "<=>?"],
      { encoding: "utf8", maxBuffer: 1 << 28 },
    );
    const said = new Map([...stdout.matchAll(/^x([0-9]+)-\S+ +([<=>?])/gm)].map((line) => [Number(line[1]), line[2]]));
    expect(said.size).toBe(pairs.length);
    return pairs.map((_, i) => said.get(i) === "<");
  }

  it("orders 20,000 pairs of valid versions as we do, and takes the same ones for valid", { timeout: 120_000 }, () => {
    const all = pairsOf(alphabet, 60_000, 4, realVersions("Alpine", "Wolfi")).filter(
      // apk takes an empty component for valid and orders it anyhow; we do not.
      (pair) => !pair.some((version) => /^-|\.(?![0-9])/.test(version)),
    );
    const versions = [...new Set(all.slice(-60_000).flat())];
    const invalid = invalidOf(versions);
    const wrong = versions.filter((version) => apk.valid(version) === invalid.has(version));
    expect(wrong.slice(0, 20).map((version) => [version, apk.valid(version)])).toEqual([]);
    const pairs = all.filter((pair) => pair.every((version) => apk.valid(version)));
    const less = smaller(pairs);
    const more = smaller(pairs.map(([a, b]) => [b, a]));
    const answers = pairs.map((_, i): Answer => (less[i] ? "<" : more[i] ? ">" : "="));
    expect(expectAgreement(apk, pairs, answers)).toBeGreaterThanOrEqual(20_000);
  });
});
