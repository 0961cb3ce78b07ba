import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/image/index.ts";
import { directoryTar } from "../../src/image/sources/directory-tar.ts";

const tar = "tar";
const isGnu = spawnSync(tar, ["--version"], { encoding: "utf8" }).stdout?.includes("GNU tar") ?? false;
const usable = process.platform === "linux" && isGnu;
if (!usable) process.stderr.write("skipped: this needs Linux and GNU tar\n");
const isRoot = process.getuid?.() === 0;

const home = mkdtempSync(join(tmpdir(), "plimsoll-tar-"));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Bytes of a name: short, long beyond what a header holds, or no UTF-8. */
const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9._ -]{0,12}$/).map((text) => Buffer.from(text)),
  fc.integer({ min: 90, max: 240 }).map((length) => Buffer.from("long".repeat(60).slice(0, length))),
  fc.constantFrom("é", "日本", "🐳", "a\nb", "back\\slash").map((text) => Buffer.from(text)),
  fc.constant(Buffer.from([0x66, 0xff, 0xe9])),
);

const node = fc.record({
  name,
  kind: fc.constantFrom("file", "file", "directory", "directory", "symlink", "hardlink", "pipe"),
  size: fc.constantFrom(0, 1, 511, 512, 513, 70_000),
  mode: fc.constantFrom(0o644, 0o755, 0o4755, 0o600, 0o1777, 0o2750),
  mtime: fc.oneof(
    fc.integer({ min: 0, max: 2e9 }),
    fc.integer({ min: 0, max: 2e15 }).map((micro) => micro / 1e6),
  ),
  owner: fc.constantFrom(0, 1000, 65_534, 3_000_000),
});
type Node = typeof node extends fc.Arbitrary<infer T> ? T : never;

/** Makes the tree; each directory holds what comes after it. */
function make(root: string, nodes: readonly Node[]): void {
  mkdirSync(root);
  const taken = new Set<string>();
  const made: { path: Buffer; node: Node }[] = [];
  let directory = Buffer.from(root);
  let lastFile: Buffer | undefined;
  for (const one of nodes) {
    const path = Buffer.concat([directory, Buffer.from("/"), one.name]);
    if (taken.has(path.toString("latin1")) || path.length > 3000) continue;
    taken.add(path.toString("latin1"));
    if (one.kind === "directory") mkdirSync(path);
    else if (one.kind === "symlink")
      symlinkSync(Buffer.concat([one.name, Buffer.from("/t".repeat(one.size % 100))]), path);
    else if (one.kind === "pipe")
      execFileSync("python3", ["-c", "import os,sys; os.mkfifo(sys.stdin.buffer.read())"], { input: path });
    else if (one.kind === "hardlink" && lastFile) linkSync(lastFile, path);
    else {
      writeFileSync(path, Buffer.alloc(one.size, "contents "));
      lastFile = path;
    }
    if (one.kind !== "hardlink") made.push({ path, node: one });
    if (one.kind === "directory") directory = path;
  }
  for (const { path, node: one } of made.reverse()) {
    const link = one.kind === "symlink";
    if (isRoot && !link) chownSync(path, one.owner, one.owner);
    if (!link) chmodSync(path, one.kind === "directory" ? one.mode | 0o700 : one.mode);
    lutimesSync(path, one.mtime, one.mtime);
  }
}

async function tarOf(root: string, to: string): Promise<string> {
  const parts: Uint8Array[] = [];
  const source = directoryTar(root, defaultLimits);
  for await (const part of source.read()) parts.push(part);
  expect(source.gaps()).toEqual([]);
  const bytes = Buffer.concat(parts);
  writeFileSync(to, bytes);
  return createHash("sha256").update(bytes).digest("hex");
}

describe.skipIf(!usable)("the tar of a directory", () => {
  it("unpacked by GNU tar is that directory: its tar is the same again, byte for byte", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(node, { maxLength: 25 }), async (nodes) => {
        const base = join(home, String(run++));
        mkdirSync(base);
        make(join(base, "first"), nodes);
        const digest = await tarOf(join(base, "first"), join(base, "first.tar"));
        mkdirSync(join(base, "second"));
        execFileSync(tar, ["-xpf", join(base, "first.tar"), "--numeric-owner", "-C", join(base, "second")], {
          stdio: "pipe",
        });
        expect(await tarOf(join(base, "second"), join(base, "second.tar"))).toBe(digest);
        rmSync(base, { recursive: true, force: true });
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
