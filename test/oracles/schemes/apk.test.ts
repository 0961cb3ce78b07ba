import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apk } from "../../../src/advisories/schemes/apk.ts";
import { type Answer, ask, expectAgreement } from "./agreement.ts";
import { numbers, pairsOf, realVersions } from "./generate.ts";

const archive = resolve(import.meta.dirname, "../../../../shared/rootfs/alpine-minirootfs-3.20.3-x86_64.tar.gz");

const alphabet = {
  starts: ["1", "0", "2.0", "10", "00", "01", "1.2.3", "20240131"],
  pieces: [
    ...numbers.map((number) => `.${number}`), "1", "0", "9", "a", "b", "z", "-r0", "-r1", "-r10", "_alpha", "_beta", "_pre", "_rc",
    "_cvs", "_svn", "_git", "_hg", "_p", "_p1", "_rc2", "_git20240131", "_alpha01", ".0", ".01", ".000", "99999999999999",
    "-", "~a1", ".", "_", "_foo", "A",
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
    for (let i = 0; i < versions.length; i += 300) {
      const { stdout } = spawnSync("chroot", [root, "/sbin/apk", "version", "-c", "--", ...versions.slice(i, i + 300)], {
        encoding: "utf8",
      });
      for (const line of stdout.split("\n")) invalid.add(line);
    }
    return invalid;
  }

  it("orders 20,000 pairs of valid versions as we do, and takes the same ones for valid", { timeout: 300_000 }, () => {
    const all = pairsOf(alphabet, 36_000, 4, realVersions("Alpine", "Wolfi"));
    const versions = [...new Set(all.flat())].filter((version) => !version.startsWith("-"));
    const invalid = invalidOf(versions);
    const wrong = versions.filter((version) => apk.valid(version) === invalid.has(version));
    expect(wrong.slice(0, 20).map((version) => [version, apk.valid(version)])).toEqual([]);
    const valid = all.filter((pair) => !pair.some((version) => invalid.has(version)));
    const pairs = [...valid.filter((_, i) => i % 3 !== 0).slice(-20_500)];
    const script = `while IFS="$(printf '\\t')" read -r a b; do /sbin/apk version -t "$a" "$b"; done`;
    const answers: readonly Answer[] = ask("chroot", [root, "/bin/sh", "-c", script], pairs);
    expect(expectAgreement(apk, pairs, answers)).toBeGreaterThanOrEqual(20_000);
  });
});
