import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { newRunId } from "../host/index.ts";
import { openScratch, type ScratchRequest } from "./scratch.ts";

const work = mkdtempSync(join(tmpdir(), "plimsoll-scratch-test-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function contextWith(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(work, "context-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, ".."), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

function request(context: string, more: Partial<ScratchRequest> = {}): ScratchRequest {
  return {
    run: newRunId(),
    context,
    dockerfile: join(context, "Dockerfile"),
    ignoreFile: join(context, ".dockerignore"),
    ignoreTexts: [""],
    ...more,
  };
}

describe("a scratch copy", () => {
  it("has the context's files with their modes and links, and nothing done to it reaches the original", async () => {
    const context = contextWith({ Dockerfile: "FROM scratch\n", "src/run.sh": "#!/bin/sh\n" });
    execFileSync("chmod", ["751", join(context, "src/run.sh")]);
    symlinkSync("/etc/passwd", join(context, "link"));
    const scratch = await openScratch(request(context), () => undefined);
    expect(lstatSync(join(scratch.context, "src/run.sh")).mode & 0o777).toBe(0o751);
    expect(readlinkSync(join(scratch.context, "link"))).toBe("/etc/passwd");
    scratch.write("FROM debian\n", "notes\n", new Map([["src/run.sh", "#!/bin/bash\n"]]));
    expect(readFileSync(join(scratch.context, "src/run.sh"), "utf8")).toBe("#!/bin/bash\n");
    expect(lstatSync(join(scratch.context, "src/run.sh")).mode & 0o777).toBe(0o751);
    scratch.write("FROM debian\n", "notes\n", new Map());
    expect(readFileSync(join(scratch.context, "src/run.sh"), "utf8")).toBe("#!/bin/sh\n");
    expect(lstatSync(join(scratch.context, "src/run.sh")).mode & 0o777).toBe(0o751);
    writeFileSync(join(scratch.context, "src/run.sh"), "other");
    expect(readFileSync(join(context, "Dockerfile"), "utf8")).toBe("FROM scratch\n");
    expect(readFileSync(join(context, "src/run.sh"), "utf8")).toBe("#!/bin/sh\n");
    expect(existsSync(join(context, ".dockerignore"))).toBe(false);
    expect(readFileSync(scratch.dockerfile, "utf8")).toBe("FROM debian\n");
    scratch.write("FROM debian\n", "", new Map());
    expect(existsSync(scratch.ignoreFile)).toBe(false);
    scratch.remove();
    expect(existsSync(scratch.root)).toBe(false);
  });

  it("writes into the copy where the Dockerfile is a link out of it", async () => {
    const context = contextWith({ "a.txt": "a" });
    const outside = join(work, "outside.Dockerfile");
    writeFileSync(outside, "FROM scratch\n");
    symlinkSync(outside, join(context, "Dockerfile"));
    const scratch = await openScratch(request(context), () => undefined);
    scratch.write("FROM debian\n", "", new Map());
    expect(readFileSync(outside, "utf8")).toBe("FROM scratch\n");
    expect(readFileSync(scratch.dockerfile, "utf8")).toBe("FROM debian\n");
    scratch.remove();
  });

  it("leaves out what is ignored before and after, and keeps what only one of them ignores", async () => {
    const context = contextWith({ "big/one": "1", "big/two": "2", "notes.md": "n", "a.txt": "a" });
    const scratch = await openScratch(request(context, { ignoreTexts: ["big\n", "big\nnotes.md\n"] }), () => undefined);
    expect(existsSync(join(scratch.context, "big"))).toBe(false);
    expect(existsSync(join(scratch.context, "notes.md"))).toBe(true);
    scratch.remove();
  });

  it("puts a Dockerfile that lies outside of the context beside it, and leaves out pipes", async () => {
    const context = contextWith({ "a.txt": "a" });
    execFileSync("mkfifo", [join(context, "pipe")]);
    const dockerfile = join(work, "elsewhere.Dockerfile");
    const scratch = await openScratch(request(context, { dockerfile }), () => undefined);
    scratch.write("FROM scratch\n", "", new Map());
    expect(readFileSync(scratch.dockerfile, "utf8")).toBe("FROM scratch\n");
    expect(scratch.dockerfile.startsWith(`${scratch.context}/`)).toBe(false);
    expect(existsSync(join(scratch.context, "pipe"))).toBe(false);
    scratch.remove();
  });

  it("of a run whose process is no more is removed by the next one, that of one that runs is not", async () => {
    const context = contextWith({ "a.txt": "a" });
    const host = newRunId().split("-")[0] ?? "";
    const dead = mkdtempSync(join(tmpdir(), `plimsoll-prove-${host}-4194305-1-00000000-`));
    const other = mkdtempSync(join(tmpdir(), "plimsoll-prove-00000000-4194305-1-00000000-"));
    const alive = mkdtempSync(join(tmpdir(), `plimsoll-prove-${newRunId()}-`));
    (await openScratch(request(context), () => undefined)).remove();
    expect([dead, other, alive].map((path) => existsSync(path))).toEqual([false, true, true]);
    for (const path of [other, alive]) rmSync(path, { recursive: true });
  });
});
