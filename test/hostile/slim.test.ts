import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PlimsollError } from "../../src/core/index.ts";
import { randomSource } from "../support/generate.ts";
import { type Member, noise, tarOf, writeLayout } from "../support/oci-layout.ts";
import { slimmed } from "../support/slim.ts";
import { fixChecksums, mutate } from "../support/mutate-tar.ts";

const lower: readonly Member[] = [
  [{ name: "d/", type: "directory", mode: 0o755 }],
  [{ name: "d/file", mode: 0o644 }, "hello"],
  [{ name: "e/", type: "directory", mode: 0o755 }],
  [{ name: "e/1", mode: 0o644 }, "1"],
  [{ name: "lib", type: "symlink", linkname: "d" }],
];
const middle: readonly Member[] = [
  [{ name: "d/", type: "directory", mode: 0o700 }],
  [{ name: "d/file", mode: 0o644 }, noise(3000)],
  [{ name: "d/hard", type: "link", linkname: "d/file" }],
  [{ name: "lib/through", mode: 0o644 }, "through a link"],
  [{ name: `${"long/".repeat(40)}name`, mode: 0o644 }, "long name"],
  [{ name: "with xattr", pax: { "SCHILY.xattr.user.a": "b", mtime: "12.5" } }, "x"],
  [{ name: "e", mode: 0o644 }, "no directory"],
  [{ name: "größe", mode: 0o600, uid: 5_000_000, gid: 7 }, noise(700)],
];
const upper: readonly Member[] = [
  [{ name: "d/", type: "directory", mode: 0o755 }],
  [{ name: "d/.wh.file" }, ""],
  [{ name: "e/", type: "directory", mode: 0o755 }],
  [{ name: "e/.wh..wh..opq" }, ""],
  [{ name: "pipe", type: "fifo" }],
  [{ name: "with xattr", mode: 0o644 }, noise(900)],
];

describe("rewriting images whose layers are mutants", () => {
  it("proves the result, or refuses it; nothing else is thrown and nothing is left behind", async () => {
    const random = randomSource(38);
    const directory = mkdtempSync(join(tmpdir(), "plimsoll-hostile-slim-"));
    const tars = await Promise.all([lower, middle, upper].map(tarOf));
    const outcomes = new Map<string, number>();
    const count = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    try {
      for (let i = 0; i < 400; i++) {
        const layers = tars.map((tar) => {
          const copy = Buffer.from(tar);
          for (let change = random.below(3); change > 0; change--) mutate(copy, random);
          return fixChecksums(copy, true);
        });
        const at = join(directory, "in");
        writeLayout(at, layers);
        for (const rewriter of ["strip-dead", "squash", "relayer"]) {
          const place = join(directory, "out.tar");
          try {
            const { proof, before, after, written } = await slimmed(`layout:${at}`, `archive:${place}`, {
              rewriter,
              baseLayers: 1,
            });
            count(`${rewriter} ${proof.verdict}`);
            expect(written !== undefined).toBe(proof.verdict === "proved");
            if (written !== undefined && rewriter !== "relayer")
              expect(after.stored).toBeLessThanOrEqual(before.stored);
          } catch (error) {
            if (!(error instanceof PlimsollError)) throw error;
            count(error.code);
          }
          rmSync(place, { force: true });
        }
        rmSync(at, { recursive: true });
        expect(readdirSync(directory)).toEqual([]);
      }
      expect(outcomes.get("strip-dead proved")).toBeGreaterThan(50);
      expect(outcomes.get("squash proved")).toBeGreaterThan(50);
      process.stdout.write(process.env["PLIMSOLL_VERBOSE"] ? `${JSON.stringify([...outcomes])}\n` : "");
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 120_000);
});
