import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PlimsollError } from "../core/index.ts";
import { findImage } from "./find.ts";
import type { Choice } from "./layout.ts";
import { defaultLimits } from "./limits.ts";
import type { ImageSource, SourceJob } from "./source.ts";
import { padding, tarEnd, tarHeader } from "./tar-write.ts";

const directory = mkdtempSync(join(tmpdir(), "plimsoll-find-"));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});
const choice: Choice = { platform: { os: "linux", architecture: "amd64" }, platformAsked: false };
const job: SourceJob = { limits: defaultLimits, env: { DOCKER_HOST: "unix:///nonexistent.sock", HOME: directory } };

/** A source that has the names it is given, and notes what it is asked for. */
function source(scheme: string, has: readonly string[], asked: string[] = []): ImageSource {
  return {
    scheme,
    summary: scheme,
    misses: (target) => Promise.resolve(has.includes(target) ? undefined : `not in ${scheme}`),
    open: (target) => {
      asked.push(`${scheme} ${target}`);
      return Promise.reject(new PlimsollError("image.invalid", `opened by ${scheme}`));
    },
  };
}

function tar(files: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(files).flatMap(([name, text]) => {
    const body = Buffer.from(text);
    return [
      tarHeader({ name, flag: "0", mode: 0o644, uid: 0, gid: 0, size: body.length, mtime: 1 }),
      body,
      padding(body.length),
    ];
  });
  return Buffer.concat([...parts, tarEnd]);
}

describe("finding an image", () => {
  it("a bare target is opened by the nearest source that has it, a prefixed one by its own", async () => {
    const asked: string[] = [];
    const sources = [source("near", ["a"], asked), source("far", ["a", "b"], asked)];
    for (const target of ["a", "b", "far:a", "far:c"])
      await expect(findImage(target, choice, job, sources)).rejects.toMatchObject({ code: "image.invalid" });
    expect(asked).toEqual(["near a", "far b", "far a", "far c"]);
  });

  it("an image may be called like a source", async () => {
    const asked: string[] = [];
    const sources = [source("near", ["registry:2", "registry:latest"], asked), source("registry", [], asked)];
    for (const target of ["registry:2", "registry:latest", "registry:app", "near:2.tar"])
      await expect(findImage(target, choice, job, sources)).rejects.toThrow();
    expect(asked).toEqual(["near registry:2", "near registry:latest", "registry app", "near 2.tar"]);
  });

  it("what was tried is said when nothing has it", async () => {
    await expect(findImage("x", choice, job, [source("near", []), source("far", [])])).rejects.toMatchObject({
      code: "image.not-found",
      hint: "tried near: not in near; far: not in far",
    });
    const error: unknown = await findImage("/No/Such", choice, job).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "image.not-found" });
    for (const scheme of ["layout", "archive", "rootfs", "engine", "containers-storage", "registry"])
      expect((error as PlimsollError).hint).toContain(scheme);
  });

  it("the name of a file that is here is not taken to a registry", async () => {
    await expect(findImage("package.json", choice, job)).rejects.toMatchObject({
      code: "image.not-found",
      hint: expect.stringContaining("a file here has that name") as string,
    });
  });

  it("a tar that is no image counts as a root file system when it looks like one", async () => {
    const root = join(directory, "root.tar");
    writeFileSync(root, tar({ "etc/os-release": "ID=x\n", "app/main": "x" }));
    const image = await findImage(root, choice, job);
    expect(image.layers).toHaveLength(1);
    expect(image.config.history[0]?.createdBy).toContain("root file system");
    await image.close();
    const other = join(directory, "other.tar");
    writeFileSync(other, tar({ "readme.md": "x" }));
    await expect(findImage(other, choice, job)).rejects.toMatchObject({ code: "image.not-found" });
    const asked = await findImage(`rootfs:${other}`, choice, job);
    expect(asked.layers).toHaveLength(1);
    await asked.close();
    const text = join(directory, "notes.txt");
    writeFileSync(text, "not a tar at all ".repeat(100));
    for (const target of [`archive:${text}`, `rootfs:${text}`])
      await expect(findImage(target, choice, job)).rejects.toBeInstanceOf(PlimsollError);
    mkdirSync(join(directory, "project/bin"), { recursive: true });
    await expect(findImage(join(directory, "project"), choice, job)).rejects.toMatchObject({ code: "image.not-found" });
  });
});
