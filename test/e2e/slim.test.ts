import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Member, noise, tarOf, writeLayout } from "../support/oci-layout.ts";

const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");
const root = mkdtempSync(join(tmpdir(), "plimsoll-slim-cli-"));

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "slim", ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: "1", PLIMSOLL_CACHE: join(root, ".cache"), ...env },
  });
  return { status, stdout, stderr };
}

const base: readonly Member[] = [
  [{ name: "etc/", type: "directory", mode: 0o755 }],
  [{ name: "etc/os-release", mode: 0o644 }, "ID=debian\n"],
];
const layers: readonly (readonly Member[])[] = [
  base,
  [
    [{ name: "big", mode: 0o644 }, noise(50_000)],
    [{ name: "app", mode: 0o755 }, "app"],
    [{ name: "var/lib/apt/lists/deb_InRelease", mode: 0o644 }, noise(9000, 2)],
  ],
  [[{ name: ".wh.big" }, ""]],
];

beforeAll(async () => {
  if (!existsSync(cli)) throw new Error("build first: npm run build");
  writeLayout(join(root, "image"), await Promise.all(layers.map(tarOf)), { created: "2026-01-02T03:04:05Z" });
  writeLayout(join(root, "base"), [await tarOf(base)]);
  writeLayout(join(root, "plain"), await Promise.all(layers.map(tarOf)), {}, true);
  writeLayout(join(root, "other"), [await tarOf([[{ name: "x" }, "x"]])]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("plimsoll slim", () => {
  it("says what it won, proves it, and says what no longer holds", () => {
    const { status, stdout, stderr } = run(["image", "-o", "oci:out"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/layers +3 +2 +1/);
    expect(stdout).toMatch(/proved: 4 paths and the configuration are the same to a container/);
    expect(stdout).toContain("wrote layout:out  sha256:");
    expect(stdout).toMatch(/note: signatures of sha256:[0-9a-f]{64} do not hold/);
    expect(stdout).toContain("note: no base is known");
    expect(readdirSync(root).filter((name) => name.includes("plimsoll-"))).toEqual([]);
  });

  it("squashes above a base that is named, and drops what it is told to", () => {
    const json = run([
      "image",
      "-o",
      "archive:out.tar#app:1",
      "--squash",
      "--base",
      "base",
      "--drop",
      "apt-lists",
      "-f",
      "json",
    ]);
    expect(json.status).toBe(0);
    const document = JSON.parse(json.stdout) as Record<string, unknown>;
    expect(document).toMatchObject({
      schemaVersion: 1,
      rewriter: "squash",
      baseLayers: 1,
      keptLayers: [0],
      dropped: 1,
      after: { layers: 2, files: 2 },
      proof: { verdict: "proved", differences: [], settings: [] },
      written: "archive:out.tar#app:1",
    });
  });

  it("takes the base's layers as the base has them where an engine has unpacked them", () => {
    const { status, stdout } = run(["plain", "-o", "oci:packed", "--base", "base", "-f", "json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ uncompressed: 0, keptLayers: [0], proof: { verdict: "proved" } });
    const blobs = (layout: string): readonly string[] => readdirSync(join(root, layout, "blobs/sha256"));
    const packed = (layout: string) =>
      blobs(layout).filter((name) => readFileSync(join(root, layout, "blobs/sha256", name))[0] === 0x1f);
    expect(blobs("packed")).toEqual(expect.arrayContaining([...packed("base")]));
    const text = run(["plain", "-o", "oci:packed-2", "--base", "none"]).stdout;
    expect(text).toContain("note: 1 layer is stored without compression");
  });

  it("gives the same bytes every time, and no time after SOURCE_DATE_EPOCH", () => {
    for (const name of ["a.tar", "b.tar"])
      expect(run(["image", "-o", `archive:${name}`, "-q"], { SOURCE_DATE_EPOCH: "1700000000" }).status).toBe(0);
    const bytes = readFileSync(join(root, "a.tar"));
    expect(bytes.equals(readFileSync(join(root, "b.tar")))).toBe(true);
    expect(bytes.includes('"created":"2023-11-14T22:13:20.000Z"')).toBe(true);
  });

  it("that wins nothing says so, and is no failure", () => {
    const { status, stdout } = run(["other", "-o", "oci:same", "--base", "none"]);
    expect(status).toBe(0);
    expect(stdout).toContain("nothing could be won");
  });

  it.each([
    ["no place", ["image"], 2, "usage.unknown-option"],
    ["a place of no kind", ["image", "-o", "out.tar"], 2, "usage.unknown-option"],
    ["a full directory", ["image", "-o", "oci:other"], 2, "output.unwritable"],
    ["a base that is not known", ["image", "-o", "oci:x", "--squash"], 2, "usage.unknown-option"],
    ["another image's base", ["image", "-o", "oci:x", "--squash", "--base", "other"], 2, "usage.unknown-option"],
    ["two layouts at once", ["image", "-o", "oci:x", "--squash", "--relayer"], 2, "usage.unknown-option"],
    ["a class that must stay", ["image", "-o", "oci:x", "--drop", "image-build-tools"], 2, "usage.unknown-option"],
    ["a registry's name that is none", ["image", "-o", "registry:UPPER/Case:1"], 2, "usage.unknown-option"],
    ["an image that is not there", ["layout:nowhere", "-o", "oci:x"], 2, "image.not-found"],
  ])("refuses %s with a hint", (_, args, status, code) => {
    const found = run(args);
    expect(found.status).toBe(status);
    expect(found.stderr).toMatch(new RegExp(`^error\\[${code}\\]: .+\nhint: .+\n$`));
    expect(existsSync(join(root, "x"))).toBe(false);
  });

  it("refuses zstd where this Node cannot write it, and writes it where it can", () => {
    const { status, stderr } = run(["image", "-o", "oci:zstd", "--recompress", "zstd", "--base", "base"]);
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    if (major > 22 || (major === 22 && minor >= 15)) expect(status).toBe(0);
    else expect([status, stderr.split(":")[0]]).toEqual([2, "error[usage.unknown-option]"]);
  });

  it("keeps out of an unreadable SOURCE_DATE_EPOCH", () => {
    writeFileSync(join(root, "unused"), "");
    expect(run(["image", "-o", "oci:x"], { SOURCE_DATE_EPOCH: "yesterday" }).status).toBe(2);
  });
});
