import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { archiveMembers } from "./archive-members.ts";

const open = (bytes: Uint8Array) => ({
  size: bytes.length,
  read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
});

function has(program: string): boolean {
  const there = spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
  if (!there) process.stderr.write(`skipped: no ${program} here\n`);
  return there;
}

function packed(program: "tar" | "python3"): { bytes: Buffer; expected: unknown } {
  const directory = mkdtempSync(join(tmpdir(), "plimsoll-archive-"));
  try {
    mkdirSync(join(directory, "d/e"), { recursive: true });
    writeFileSync(join(directory, "d/one.txt"), "x".repeat(700));
    writeFileSync(join(directory, "d/e/two.bin"), "");
    writeFileSync(join(directory, "d/e/three.txt"), "abc");
    if (program === "tar") execFileSync("tar", ["--format=ustar", "-cf", "a", "d"], { cwd: directory });
    else execFileSync("python3", ["-m", "zipfile", "-c", "a", "d"], { cwd: directory });
    const expected = [
      { path: "d/e/three.txt", size: 3 },
      { path: "d/e/two.bin", size: 0 },
      { path: "d/one.txt", size: 700 },
    ];
    return { bytes: readFileSync(join(directory, "a")), expected };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe("the members of a small archive", () => {
  for (const program of ["tar", "python3"] as const)
    it.skipIf(!has(program))(`are what ${program} packed, and no damage makes them throw`, () => {
      const { bytes, expected } = packed(program);
      const found = [...(archiveMembers(open(bytes)) ?? [])].sort((a, b) => (a.path < b.path ? -1 : 1));
      expect(found).toEqual(expected);
      for (let i = 0; i < 5000; i++) {
        const damaged = Uint8Array.from(bytes.subarray(0, i % 5 === 0 ? (i * 7) % bytes.length : bytes.length));
        if (damaged.length > 0) damaged[(i * 7919) % damaged.length] = (i * 31) % 256;
        expect(() => archiveMembers(open(damaged))).not.toThrow();
      }
    });

  it("are unknown where the bytes are no archive", () => {
    expect(archiveMembers(open(new TextEncoder().encode("x".repeat(2000))))).toBeUndefined();
    expect(archiveMembers(open(new Uint8Array(0)))).toBeUndefined();
  });
});
