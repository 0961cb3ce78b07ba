import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { unzstd } from "./unzstd.ts";

const limit = 1 << 24;
const hasZstd = spawnSync("zstd", ["--version"], { stdio: "ignore" }).status === 0;
if (!hasZstd) process.stderr.write("skipped: zstd is not installed\n");

/** A small deterministic source of bytes. */
function noise(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** Bytes with long and short repeats, skewed and even: what makes an encoder use all it knows. */
function sample(seed: number): Uint8Array {
  const next = noise(seed);
  const bytes: number[] = [];
  const length = Math.floor(next() ** 3 * 400_000);
  const letters = 1 + Math.floor(next() * 256);
  while (bytes.length < length) {
    const run = 1 + Math.floor(next() ** 4 * 3000);
    const from = Math.floor(next() * bytes.length);
    const kind = next();
    for (let count = 0; count < run; count++) {
      if (kind < 0.4 && bytes.length > 0) bytes.push(bytes[from + count] ?? 0);
      else if (kind < 0.5) bytes.push(letters & 255);
      else bytes.push(Math.floor(next() ** 3 * letters));
    }
  }
  return Uint8Array.from(bytes.slice(0, length));
}

describe.skipIf(!hasZstd)("unpacking zstd", () => {
  it("gives back what zstd packed, at all its levels, with and without a checksum", { timeout: 60_000 }, () => {
    for (let seed = 0; seed < 48; seed++) {
      const plain = sample(seed);
      const level = ["-1", "-3", "-9", "-19", "--ultra -22", "--fast=5"][seed % 6]?.split(" ") ?? [];
      const check = seed % 2 === 0 ? "--no-check" : "--check";
      const { stdout } = spawnSync("zstd", [...level, check, "-c"], { input: plain, maxBuffer: 1 << 28 });
      const found = unzstd(stdout, limit);
      expect(found?.length, `seed ${seed}`).toBe(plain.length);
      expect(Buffer.compare(found ?? new Uint8Array(), plain), `seed ${seed}`).toBe(0);
    }
  });

  it("reads frames one after another, and refuses what is cut, is larger, or is none", () => {
    const plain = sample(5);
    const { stdout } = spawnSync("zstd", ["-19", "-c"], { input: plain, maxBuffer: 1 << 28 });
    const skippable = Uint8Array.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2]);
    const twice = unzstd(Buffer.concat([stdout, skippable, stdout]), limit);
    expect(twice && Buffer.compare(twice, Buffer.concat([plain, plain]))).toBe(0);
    expect(unzstd(stdout, plain.length - 1)).toBeUndefined();
    for (let cut = 1; cut < stdout.length; cut += 1 + (stdout.length >> 7))
      expect(unzstd(stdout.subarray(0, cut), limit)).toBeUndefined();
    expect(unzstd(new TextEncoder().encode("plain text"), limit)).toBeUndefined();
    expect(unzstd(new Uint8Array(), limit)).toEqual(new Uint8Array());
  });
});
