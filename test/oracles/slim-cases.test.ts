import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type ExpectedTree, pathsOf } from "../support/slim-cases.ts";
import { padding, paxRecord, sealHeader, tarHeader } from "../../src/image/tar-write.ts";
import { pictureOfExport, pictureOfTree } from "../support/exported-tree.ts";
import { labEngine, runIn } from "../support/lab.ts";
import { type Member, noise, tarOf, writeLayout } from "../support/oci-layout.ts";
import { readImage, slimmed } from "../support/slim.ts";

const directory = mkdtempSync(join(tmpdir(), "plimsoll-cases-"));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const dir = (name: string, mode = 0o755): Member => [{ name: `${name}/`, type: "directory", mode }];
const file = (name: string, contents: string | Uint8Array = name): Member => [{ name, mode: 0o644 }, contents];
const link = (name: string, linkname: string): Member => [{ name, type: "link", linkname }];
const symlink = (name: string, linkname: string): Member => [{ name, type: "symlink", linkname, mode: 0o777 }];
const gone = (name: string): Member => file(name.replace(/([^/]+)$/, ".wh.$1"), "");
const opaque = (name: string): Member => file(`${name}/.wh..wh..opq`, "");

interface Case {
  readonly title: string;
  /** Base first; the first is the base. */
  readonly layers: readonly (readonly Member[])[];
  readonly sees: ExpectedTree;
  /** Layers after stripping and after squashing. */
  readonly strip: number;
  readonly squash?: number;
  /** Ways that engines refuse: a tar that names a path twice, or a link to another layer's file. */
  readonly refused?: readonly string[];
}

const big = noise(20_000);
const cases: readonly Case[] = [
  {
    title: "a hard link whose target a later layer overwrites keeps the old contents",
    layers: [
      [dir("d")],
      [dir("d"), file("d/a", "old"), link("d/b", "d/a")],
      [dir("d"), file("d/a", "new"), file("d/big", big)],
      [dir("d"), gone("d/big")],
    ],
    sees: { d: "", "d/a": "new", "d/b": "old" },
    strip: 4,
  },
  {
    title: "a hard link whose target is overwritten further down the same tar keeps the old contents",
    layers: [
      [dir("d")],
      [dir("d"), file("d/a", "old"), link("d/b", "d/a"), file("d/a", "new"), file("d/c", big)],
      [gone("d/c")],
    ],
    sees: { d: "", "d/a": "new", "d/b": "old" },
    strip: 2,
    refused: ["strip-dead"],
  },
  {
    title: "hard links whose first name is deleted stay one file under the names that are left",
    layers: [
      [dir("d")],
      [dir("d"), file("d/a", big), link("d/b", "d/a"), link("d/c", "d/b")],
      [dir("d"), gone("d/a"), file("d/x", big)],
      [dir("d"), gone("d/x")],
    ],
    sees: { d: "", "d/b": big, "d/c": "= d/b" },
    strip: 4,
  },
  {
    title: "an opaque mark goes on hiding the base's files, and no others",
    layers: [
      [dir("d"), file("d/1"), file("d/2"), file("d/3"), dir("e"), file("e/1")],
      [dir("d"), file("d/4", big)],
      [dir("d"), opaque("d"), file("d/2", "mine")],
    ],
    sees: { d: "", "d/2": "mine", e: "", "e/1": "e/1" },
    strip: 2,
  },
  {
    title: "absolute symbolic links, and links out of the root, stay what they say",
    layers: [
      [dir("usr"), dir("usr/bin"), file("usr/bin/real")],
      [
        dir("usr"),
        dir("usr/bin"),
        symlink("usr/bin/absolute", "/usr/bin/real"),
        symlink("up", "../../../../etc/passwd"),
        file("usr/bin/x", big),
      ],
      [dir("usr"), dir("usr/bin"), gone("usr/bin/x")],
    ],
    sees: {
      usr: "",
      "usr/bin": "",
      "usr/bin/real": "usr/bin/real",
      "usr/bin/absolute": "-> /usr/bin/real",
      up: "-> ../../../../etc/passwd",
    },
    strip: 3,
  },
  {
    title: "a directory that was a file in between does not get the base's files back",
    layers: [[dir("d"), file("d/old"), file("d/older")], [file("d", big)], [dir("d"), file("d/new")]],
    sees: { d: "", "d/new": "d/new" },
    strip: 3,
  },
  {
    title: "a hard link to a file of a lower layer, and of the base, leads there still",
    layers: [
      [dir("d"), file("d/base"), file("d/moved", "moved")],
      [dir("d"), file("d/a", big), file("d/x", noise(20_000, 3))],
      [dir("d"), link("d/b", "d/a"), link("d/c", "d/base"), link("d/e", "d/moved")],
      [dir("d"), gone("d/x"), gone("d/moved")],
    ],
    sees: { d: "", "d/a": big, "d/b": "= d/a", "d/base": "d/base", "d/c": "= d/base", "d/e": "moved" },
    strip: 4,
    refused: ["strip-dead", "squash"],
  },
  {
    title: "a whiteout of what only a stripped layer had is stripped with it",
    layers: [[dir("d")], [dir("d"), file("d/x", big)], [dir("d"), gone("d/x")], [file("y")]],
    sees: { d: "", y: "y" },
    strip: 3,
  },
  {
    title: "a file that was written twice and deleted once leaves nothing",
    layers: [[file("keep")], [file("x", big)], [file("x", noise(20_000, 2))], [gone("x")]],
    sees: { keep: "keep" },
    strip: 1,
    squash: 1,
  },
];

const engine = labEngine("13");

describe("images that other tools flatten wrongly", () => {
  it.each(cases)("$title", async ({ title, layers, sees, strip, squash = 2 }) => {
    const at = join(directory, title.replaceAll(/\W+/g, "-"));
    writeLayout(at, await Promise.all(layers.map(tarOf)));
    expect(pathsOf((await readImage(`layout:${at}`)).merged.tree)).toEqual(pathsOf(sees));
    for (const [rewriter, count] of [
      ["strip-dead", strip],
      ["squash", squash],
    ] as const) {
      const outcome = await slimmed(`layout:${at}`, `oci:${at}-${rewriter}`, { rewriter, baseLayers: 1 });
      expect(outcome.proof).toMatchObject({ verdict: "proved", differences: [] });
      expect(outcome.after.layers, rewriter).toBe(count);
      expect(outcome.after.stored).toBeLessThan(outcome.before.stored);
      expect(outcome.keptLayers).toContain(0);
      expect(pathsOf((await readImage(`layout:${at}-${rewriter}`)).merged.tree)).toEqual(pathsOf(sees));
      const history = configOf(`${at}-${rewriter}`).history as { empty_layer?: boolean }[];
      expect(history.filter(({ empty_layer: empty }) => empty !== true).length).toBe(count);
    }
  });

  it.skipIf(!engine)("are the same in a real engine", { timeout: 120_000 }, async () => {
    if (!engine) return;
    for (const [index, { title, layers, sees, refused = [] }] of cases.entries()) {
      const at = join(directory, `engine-${index}`);
      writeLayout(at, await Promise.all(layers.map(tarOf)));
      for (const rewriter of ["strip-dead", "squash"].filter((one) => !refused.includes(one))) {
        const tag = `plimsoll-cases:${rewriter}`;
        await slimmed(`layout:${at}`, `archive:${at}.tar#${tag}`, { rewriter, baseLayers: 1 });
        runIn(engine, directory, "docker", ["load", "-q", "-i", `${at}.tar`]);
        const container = runIn(engine, directory, "docker", ["create", tag, "true"]).trim();
        const exported = execFileSync("docker", ["export", container], { env: engine.env, maxBuffer: 1 << 28 });
        runIn(engine, directory, "docker", ["rm", container]);
        runIn(engine, directory, "docker", ["rmi", "-f", tag]);
        const { merged } = await readImage(`layout:${at}`);
        expect(pathsOf(merged.tree)).toEqual(pathsOf(sees));
        // The engine makes an /etc for what it puts there.
        const { lines, links } = await pictureOfExport(exported);
        const picture = { lines: lines.filter((line) => !line.startsWith('["etc",')), links };
        expect(picture, `${title} ${rewriter}`).toEqual(pictureOfTree(merged.tree));
      }
    }
  });
});

describe("a rewritten image", () => {
  const make = async (name: string, layers: readonly (readonly Member[])[], config = {}): Promise<string> => {
    const at = join(directory, name);
    writeLayout(at, await Promise.all(layers.map(tarOf)), config);
    return at;
  };

  it("is itself when there is nothing to win, and says so", async () => {
    const at = await make("clean", [[dir("a")], [dir("a"), file("a/b")]]);
    for (const rewriter of ["strip-dead", "squash"]) {
      const outcome = await slimmed(`layout:${at}`, `oci:${at}-${rewriter}`, { rewriter, baseLayers: 1 });
      expect(outcome).toMatchObject({ changed: false, keptLayers: [0, 1], proof: { verdict: "proved" } });
      expect(outcome.after).toEqual(outcome.before);
    }
  });

  it("is not kept when it would not be the same: nothing is left of it", async () => {
    // A global header sets the owner of all that follow it: a layer put together anew has none.
    const tar = await tarOf([dir("a"), file("a/b", "x"), file("a/c", big)]);
    const record = paxRecord("uid", Buffer.from("7"));
    const common = { mode: 0o644, uid: 0, gid: 0, mtime: 0 } as const;
    const header = tarHeader({ ...common, name: "globals", flag: "0", size: record.length });
    header.write("g", 156, "latin1");
    sealHeader(header);
    const globals = Buffer.concat([header, record, padding(record.length)]);
    const at = join(directory, "globals");
    writeLayout(at, [await tarOf([dir("a")]), Buffer.concat([globals, tar]), await tarOf([gone("a/c")])]);
    const before = readdirSync(directory).length;
    const squashed = await slimmed(`layout:${at}`, `oci:${at}-squash`, { rewriter: "squash", baseLayers: 1 });
    expect(squashed.proof.verdict).toBe("rejected");
    expect(squashed.proof.differences).toContainEqual({ path: "a/b", what: "owner" });
    expect(squashed.written).toBeUndefined();
    expect(readdirSync(directory).length).toBe(before);
    // Stripping copies what stands between entries.
    const stripped = await slimmed(`layout:${at}`, `oci:${at}-strip`, { rewriter: "strip-dead", baseLayers: 1 });
    expect(stripped).toMatchObject({ proof: { verdict: "proved" }, changed: true });
  });

  it("keeps its configuration and annotations, and says what it was made from", async () => {
    const settings = { User: "7", Env: ["A=1"], Healthcheck: { Test: ["CMD", "x"], Interval: 30_000_000_000 } };
    const at = await make("config", [[dir("a")], [file("x", big)], [gone("x"), file("y")]], {
      config: settings,
      created: "2026-01-02T03:04:05Z",
      "x-unknown": { b: 1, a: [2] },
    });
    const outcome = await slimmed(`layout:${at}`, `oci:${at}-out`, {
      rewriter: "strip-dead",
      baseLayers: 1,
      epoch: 1_700_000_000,
    });
    const config = configOf(`${at}-out`);
    expect(config).toMatchObject({
      config: settings,
      created: "2023-11-14T22:13:20.000Z",
      "x-unknown": { b: 1, a: [2] },
    });
    expect(outcome.before.layers - outcome.after.layers).toBe(1);
    const manifest = documentsOf(`${at}-out`).find((one) => "layers" in one) as { annotations: Record<string, string> };
    expect(manifest.annotations["dev.plimsoll.rewritten-from"]).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("may be packed better, and is packed as before where that is smaller", async () => {
    const at = await make("packed", [
      [file("base", "b".repeat(9000))],
      [file("text", "words and words ".repeat(9000))],
    ]);
    const outcome = await slimmed(`layout:${at}`, `oci:${at}-9`, {
      rewriter: "strip-dead",
      baseLayers: 1,
      recompress: "gzip-9",
    });
    expect(outcome.keptLayers).toContain(0);
    expect(outcome.after.stored).toBeLessThanOrEqual(outcome.before.stored);
    expect(outcome.after.unpacked).toBe(outcome.before.unpacked);
  });

  it("is not written over what is there", async () => {
    const at = await make("there", [[file("a")]]);
    await expect(slimmed(`layout:${at}`, `oci:${at}`, { rewriter: "strip-dead", baseLayers: 0 })).rejects.toMatchObject(
      {
        code: "output.unwritable",
      },
    );
  });
});

function documentsOf(layout: string): readonly Record<string, unknown>[] {
  const blobs = join(layout, "blobs/sha256");
  return readdirSync(blobs).flatMap((name) => {
    const bytes = readFileSync(join(blobs, name));
    return bytes[0] === 0x7b ? [JSON.parse(bytes.toString()) as Record<string, unknown>] : [];
  });
}

function configOf(layout: string): Record<string, unknown> {
  return documentsOf(layout).find((one) => "rootfs" in one) ?? {};
}
