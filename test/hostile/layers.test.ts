import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { PlimsollError } from "../../src/core/index.ts";
import {
  defaultLimits,
  type Layer,
  type LayerScan,
  type Limits,
  mergeLayers,
  scanLayer,
} from "../../src/image/index.ts";
import { weighImage } from "../../src/weight/index.ts";
import { randomSource } from "../support/generate.ts";
import { fixChecksums, mutate } from "../support/mutate-tar.ts";
import { type Member, noise, sha256, tarOf } from "../support/oci-layout.ts";

function layerOf(tar: Uint8Array, stored: Uint8Array = tar, piece = 60_000): Layer {
  return {
    mediaType: "application/vnd.oci.image.layer.v1.tar",
    diffId: sha256(tar),
    digest: sha256(stored),
    size: stored.length,
    // oxlint-disable-next-line typescript/require-await -- a source reads asynchronously
    async *read() {
      for (let at = 0; at < stored.length; at += piece) yield stored.subarray(at, at + piece);
    },
  };
}

/** A scan, or the code of the refusal; anything else that is thrown is a failure of the test. */
async function scan(layer: Layer, limits: Limits = defaultLimits): Promise<LayerScan | string> {
  try {
    return await scanLayer(layer, limits, [{ id: "all", wants: () => true }]);
  } catch (error) {
    if (error instanceof PlimsollError) return error.code;
    throw error;
  }
}

const members: readonly Member[] = [
  [{ name: "d/", type: "directory", mode: 0o755 }],
  [{ name: "d/file", mode: 0o644 }, "hello"],
  [{ name: "d/link", type: "symlink", linkname: "../x/y" }],
  [{ name: "d/hard", type: "link", linkname: "d/file" }],
  [{ name: `${"long/".repeat(40)}name`, mode: 0o644 }, "long name"],
  [{ name: "with xattr", pax: { "SCHILY.xattr.user.a": "b", mtime: "12.5" } }, "x"],
  [{ name: "d/.wh.gone" }, ""],
  [{ name: "d/.wh..wh..opq" }, ""],
  [{ name: "null", type: "character-device", devmajor: 1, devminor: 3 }],
  [{ name: "pipe", type: "fifo" }],
  [{ name: "größe", mode: 0o600, uid: 5_000_000, gid: 7 }, noise(700)],
];

describe("hostile layers", () => {
  it("that are 10,000 mutants of an honest tar are read or refused, and the books of those that are read balance", async () => {
    const random = randomSource(7);
    const honest = await tarOf(members);
    const lower = await scanLayer(layerOf(honest), defaultLimits);
    const outcomes = new Map<string, number>();
    for (let i = 0; i < 10_000; i++) {
      const tar = Buffer.from(honest);
      for (let change = 1 + random.below(4); change > 0; change--) mutate(tar, random);
      const cut = random.chance(0.1)
        ? tar.subarray(0, random.below(tar.length))
        : fixChecksums(tar, random.chance(0.7));
      const outcome = await scan(layerOf(cut));
      outcomes.set(typeof outcome === "string" ? outcome : "read", 1);
      if (typeof outcome === "string") continue;
      const scans = [lower, outcome];
      const { total, visible, waste } = weighImage(scans, mergeLayers(scans), [], 0);
      expect(total.unpacked - visible.unpacked).toBe(waste.reduce((sum, { bytes }) => sum + bytes.unpacked, 0));
      for (const { path } of outcome.entries) expect(path.split("/")).not.toContain("..");
    }
    expect([...outcomes.keys()].sort()).toEqual(expect.arrayContaining(["image.invalid", "read"]));
  }, 120_000);

  it("that are mutants of a compressed tar are refused or read", async () => {
    const random = randomSource(8);
    const honest = await tarOf(members);
    const packed = gzipSync(honest);
    for (let i = 0; i < 1000; i++) {
      const stored = Buffer.from(packed);
      for (let change = 1 + random.below(3); change > 0; change--)
        stored[random.below(stored.length)] = random.below(256);
      const outcome = await scan(
        layerOf(honest, random.chance(0.2) ? stored.subarray(0, random.below(stored.length)) : stored),
      );
      if (typeof outcome === "string")
        expect(["image.invalid", "image.digest-mismatch", "image.limit"]).toContain(outcome);
    }
  }, 60_000);

  it("that unpack to far more than they are, are refused", async () => {
    const limits = { ...defaultLimits, freeBytes: 1 << 20 };
    const bomb = gzipSync(await tarOf([[{ name: "zeros" }, Buffer.alloc(40 << 20)]]));
    expect(await scan(layerOf(await tarOf([]), bomb), limits)).toBe("image.limit");
    expect(await scan(layerOf(await tarOf([]), bomb), { ...defaultLimits, layerBytes: 1 << 20 })).toBe("image.limit");
  });

  it("with too many entries, names too long, paths too deep or headers without end are refused or said", async () => {
    const many = await tarOf(Array.from({ length: 300 }, (_, index): Member => [{ name: `f${index}` }, ""]));
    expect(await scan(layerOf(many), { ...defaultLimits, entries: 100 })).toBe("image.limit");
    const deep = await scan(layerOf(await tarOf([[{ name: "a/".repeat(600) + "b" }, "x"]])));
    expect(deep).toMatchObject({ entries: [], gaps: [{ reason: expect.stringContaining("too deep") as string }] });
    const chain = Buffer.concat(Array.from({ length: 3000 }, () => longName("n".repeat(400))));
    expect(await scan(layerOf(chain))).toBe("image.limit");
    const huge = longName("n".repeat(2 << 20));
    expect(await scan(layerOf(huge))).toBe("image.limit");
  });

  it("whose paths lead out of the root lead nowhere", async () => {
    const escapes = ["../evil", "a/../../evil", "/../evil", "./../../x", "a/b/../../../etc/passwd"];
    const outcome = await scan(layerOf(await tarOf(escapes.map((name): Member => [{ name }, "x"]))));
    if (typeof outcome === "string") throw new Error(outcome);
    for (const { path } of outcome.entries) expect(path).toMatch(/^(?!.*\.\.)[^/].*$/);
    const links = await scan(
      layerOf(
        await tarOf([
          [{ name: "up", type: "symlink", linkname: "../../../.." }],
          [{ name: "up/etc/passwd" }, "root"],
          [{ name: "round", type: "symlink", linkname: "round" }],
          [{ name: "round/x" }, "y"],
          [{ name: "hard", type: "link", linkname: "../../etc/shadow" }],
        ]),
      ),
    );
    if (typeof links === "string") throw new Error(links);
    const { tree } = mergeLayers([links]);
    expect(tree.get("etc/passwd")?.entry.size).toBe(4);
    expect(tree.get("hard")).toBeUndefined();
  });

  it("that hash to something else than they are known by are refused", async () => {
    const tar = await tarOf(members);
    expect(await scan({ ...layerOf(tar), diffId: sha256(Buffer.from("other")) })).toBe("image.digest-mismatch");
    expect(await scan({ ...layerOf(tar, gzipSync(tar)), digest: sha256(Buffer.from("other")) })).toBe(
      "image.digest-mismatch",
    );
  });

  it("in pieces of any size are the same layer", async () => {
    const tar = await tarOf(members);
    const whole = await scan(layerOf(tar));
    for (const piece of [1, 7, 511, 512, 513, 10_000]) {
      const parts = await scan(layerOf(tar, tar, piece));
      if (typeof parts === "string" || typeof whole === "string") throw new Error("refused");
      const exact = (one: LayerScan) => one.entries.map((entry) => ({ ...entry, storedBytes: 0 }));
      expect(exact(parts)).toEqual(exact(whole));
    }
  });
});

/** A GNU long name header, which may be followed by another, and another. */
function longName(name: string): Uint8Array {
  const header = Buffer.alloc(512);
  header.write("././@LongLink", 0);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${name.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("L", 156);
  header.write("ustar  \0", 257);
  const body = Buffer.alloc(Math.ceil(name.length / 512) * 512);
  body.write(name);
  return fixChecksums(Buffer.concat([header, body]), true);
}
