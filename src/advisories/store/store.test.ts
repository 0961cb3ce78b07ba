import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Advisory } from "../advisory.ts";
import { createStoreBuilder } from "./build.ts";
import { openStore, verifyStore } from "./open.ts";

const root = mkdtempSync(join(tmpdir(), "plimsoll-store-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function advisory(id: string, packages: readonly string[], more: Partial<Advisory> = {}): Advisory {
  return {
    id,
    aliases: [],
    upstream: [],
    severities: [],
    affected: packages.map((key) => {
      const [ecosystem = "", name = ""] = key.split("/");
      return { ecosystem, name, ranges: [{ events: [{ introduced: "0" }] }], versions: [] };
    }),
    ...more,
  };
}

function make(name: string, items: readonly (readonly [Advisory, rank: number])[]): string {
  const path = join(root, name);
  const builder = createStoreBuilder(path);
  for (const [one, rank] of items) builder.add(one, rank);
  builder.finish([]);
  return path;
}

describe("a store", () => {
  it("finds just what was put in, for any packages", () => {
    const name = fc.stringMatching(/^[a-z]{1,3}$/);
    const ecosystem = fc.constantFrom("npm", "Debian:12", "Alpine:v3.20");
    fc.assert(
      fc.property(fc.array(fc.tuple(ecosystem, name), { maxLength: 200 }), (keys) => {
        const byKey = new Map<string, string[]>();
        const items = keys.map(([one, other], i) => {
          const key = `${one}/${other}`;
          const id = `CVE-2024-${String(1000 + i)}`;
          byKey.set(key, [...(byKey.get(key) ?? []), id]);
          return [advisory(id, [key]), 1] as const;
        });
        const store = openStore(make("any.store", items));
        try {
          for (const [key, ids] of byKey) {
            const [one = "", other = ""] = key.split("/");
            expect(store.find(one, other).map(({ id }) => id)).toEqual(ids.sort());
            for (const id of ids) expect(store.named(id)).toEqual([{ ecosystem: one, name: other }]);
          }
          expect(store.find("npm", "not-there")).toEqual([]);
          expect(store.info.packages).toBe(byKey.size);
        } finally {
          store.close();
        }
      }),
      { numRuns: 20 },
    );
  });

  it("is the same, byte for byte, in whatever order its advisories came", () => {
    const items = Array.from(
      { length: 300 },
      (_, i) => [advisory(`CVE-2024-${1000 + i}`, [`npm/p${i % 40}`]), 1] as const,
    );
    expect(readFileSync(make("a.store", items)).equals(readFileSync(make("b.store", items.toReversed())))).toBe(true);
  });

  it("keeps the advisory of the higher rank when two feeds have the same", () => {
    const path = make("rank.store", [
      [advisory("DEBIAN-CVE-2024-1", ["Debian:12/a"], { summary: "tracker" }), 4],
      [advisory("DEBIAN-CVE-2024-1", ["Debian:12/a"], { summary: "bucket" }), 2],
    ]);
    const store = openStore(path);
    expect(store.find("Debian:12", "a").map(({ summary }) => summary)).toEqual(["tracker"]);
    store.close();
  });

  it("joins what several say of a vulnerability, and drops facts about ids nobody names unless they are exploited", () => {
    const path = join(root, "facts.store");
    const builder = createStoreBuilder(path);
    builder.add(advisory("GHSA-aaaa", ["npm/a"], { aliases: ["CVE-2024-1000"] }), 1);
    builder.describe("CVE-2024-1000", { severities: [{ source: "nvd", score: 9.8 }] });
    builder.describe("CVE-2024-1000", { severities: [], epss: { probability: 0.5, percentile: 0.9 } });
    builder.describe("CVE-2024-2000", { severities: [{ source: "nvd", score: 1 }] });
    builder.describe("CVE-2024-3000", { severities: [], exploited: { since: "2024-01-02", byRansomware: true } });
    builder.finish([]);
    const store = openStore(path);
    expect(store.facts("CVE-2024-1000")).toEqual({
      severities: [{ source: "nvd", score: 9.8 }],
      epss: { probability: 0.5, percentile: 0.9 },
    });
    expect(store.facts("CVE-2024-2000")).toBeUndefined();
    expect(store.facts("CVE-2024-3000")?.exploited).toEqual({ since: "2024-01-02", byRansomware: true });
    store.close();
  });

  it("tells a jar's group when only one has its name, and finds names in their registry's spelling", () => {
    const path = make("names.store", [
      [advisory("CVE-2024-1", ["Maven/org.a:core", "Maven/org.b:core", "Maven/org.a:tool"]), 1],
      [advisory("CVE-2024-2", ["PyPI/Zope.Interface"]), 1],
    ]);
    const store = openStore(path);
    expect(store.mavenGroups("core")).toEqual(["org.a", "org.b"]);
    expect(store.mavenGroups("tool")).toEqual(["org.a"]);
    expect(store.find("PyPI", "zope_interface")).toHaveLength(1);
    expect(store.covers("PyPI")).toBe(true);
    expect(store.covers("Debian:12")).toBe(false);
    store.close();
  });

  it("that is absent, empty or of another kind is refused with a hint", () => {
    expect(() => openStore(join(root, "absent.store"))).toThrow(expect.objectContaining({ code: "store.missing" }));
    expect(() => openStore(import.meta.filename)).toThrow(expect.objectContaining({ code: "store.damaged" }));
  });

  it("says so when its contents do not match their checksum", () => {
    const bytes = readFileSync(make("sum.store", [[advisory("CVE-2024-1", ["npm/a"]), 1]]));
    const view = (from: Uint8Array) => ({
      size: from.length,
      read: (at: number, n: number) => from.subarray(at, at + n),
    });
    expect(() => verifyStore(view(bytes))).not.toThrow();
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    expect(() => verifyStore(view(bytes))).toThrow(expect.objectContaining({ code: "store.damaged" }));
  });
});
