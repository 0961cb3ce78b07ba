import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { FileEntry } from "./entry.ts";
import type { Layer } from "./image.ts";
import { openLayerCache } from "./layer-cache.ts";
import type { LayerScan } from "./scan.ts";

const root = mkdtempSync(join(tmpdir(), "plimsoll-layer-cache-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let made = 0;
const emptyFolder = (): string => join(root, String(++made));
const open = (directory: string, program?: string, maximumBytes = 1e6) =>
  openLayerCache({ directory, maximumBytes, now: () => 1e12, ...(program === undefined ? {} : { program }) });

const diffId = `sha256:${"a".repeat(64)}` as const;
const layer: Layer = { mediaType: "", diffId, read: () => (async function* () {})() };
const file: FileEntry = {
  path: "etc/\udc80name",
  type: "file",
  size: 3,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: 1.5,
  digest: `sha256:${"b".repeat(64)}`,
  raw: [0, 1024],
  storedBytes: 0.25,
};
const scanBy = (...keepers: string[]): LayerScan => ({
  diffId,
  entries: [file],
  tarBytes: 2048,
  storedBytes: 100,
  kept: keepers.map((keeper) => ({ keeper, path: file.path, bytes: Buffer.from(keeper) })),
  gaps: [],
  keepers,
  digested: true,
});
const wanting = (...ids: string[]) => ids.map((id) => ({ id, wants: () => true }));

describe("what is kept of a layer", () => {
  it("is what was put, with names that are not UTF-8, and carries the same stamp every time", () => {
    const cache = open(emptyFolder());
    const { stamp, ...put } = cache.put(layer, scanBy("packages/1"));
    const got = cache.get(layer, wanting("packages/1"));
    expect(got).toMatchObject({ ...put, kept: [{ keeper: "packages/1", path: file.path }] });
    expect(got?.stamp).toBe(stamp);
    expect(cache.put(layer, { ...scanBy("packages/1"), entries: [{ ...file, size: 4 }] }).stamp).not.toBe(stamp);
  });

  it("stays for keepers that a later scan did not ask, but not in an older form of what it did", () => {
    const cache = open(emptyFolder());
    cache.put(layer, scanBy("packages/1", "rules/1"));
    cache.put(layer, scanBy("packages/2"));
    expect(cache.get(layer, wanting("packages/2", "rules/1"))?.kept.map(({ keeper }) => keeper)).toEqual([
      "packages/2",
      "rules/1",
    ]);
    expect(cache.get(layer, wanting("packages/1"))).toBeUndefined();
  });

  it("is read anew when a byte of it has changed", () => {
    const directory = emptyFolder();
    const cache = open(directory);
    cache.put(layer, scanBy());
    const path = join(directory, readdirSync(directory)[0] ?? "");
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      writeFileSync(path, changed);
      const got = cache.get(layer, []);
      // The head tells of the layer as a whole; of the entries nothing may differ.
      if (got) expect(got.entries).toEqual([file]);
    }
  });
});

describe("an answer", () => {
  it("is remembered for its question by the same program alone", () => {
    const directory = emptyFolder();
    open(directory, "one").remember("what?", { this: [1, 2] });
    expect(open(directory, "one").answer("what?")).toEqual({ this: [1, 2] });
    expect(open(directory, "one").answer("who?")).toBeUndefined();
    expect(open(directory, "two").answer("what?")).toBeUndefined();
    expect(open(directory).answer("what?")).toBeUndefined();
  });

  it("is forgotten when it is damaged, cleared, or the oldest of too many", () => {
    const directory = emptyFolder();
    const cache = open(directory, "one", 1000);
    cache.remember("what?", "x".repeat(300));
    expect(cache.status()).toMatchObject({ layers: 0, bytes: 302 });
    writeFileSync(join(directory, readdirSync(directory)[0] ?? ""), '"cut');
    expect(cache.answer("what?")).toBeUndefined();
    for (let count = 0; count < 10; count++) cache.remember(String(count), "y".repeat(300));
    expect(cache.status().bytes).toBeLessThanOrEqual(1000);
    cache.remember("too much", "z".repeat(600));
    expect(cache.answer("too much")).toBeUndefined();
    cache.clear();
    expect(readdirSync(directory)).toEqual([]);
  });
});
