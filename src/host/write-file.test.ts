import { spawn, spawnSync } from "node:child_process";
import { lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeFileAtomically } from "./write-file.ts";

const directory = mkdtempSync(join(tmpdir(), "plimsoll-write-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("writing a file", () => {
  it("keeps the mode of what was there and writes through a link", () => {
    const file = join(directory, "file");
    writeFileSync(file, "old", { mode: 0o600 });
    symlinkSync(file, join(directory, "link"));
    writeFileAtomically(join(directory, "link"), "new");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(lstatSync(join(directory, "link")).isSymbolicLink()).toBe(true);
  });

  it("never takes the place of a device or a pipe", () => {
    writeFileAtomically("/dev/null", "gone");
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
    const pipe = join(directory, "pipe");
    if (spawnSync("mkfifo", [pipe]).status !== 0) return;
    // Somebody must read, or writing waits for ever.
    spawn("cat", [pipe], { stdio: "ignore" });
    writeFileAtomically(pipe, "through");
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });
});
