import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createByteReader } from "./store/bytes.ts";
import { splitPackageKey } from "./store/keys.ts";
import { headerBytes, pageBytes, readHeader, slotsPerPage } from "./store/layout.ts";
import { readStore } from "./store/open.ts";

const shipped = readFileSync(join(import.meta.dirname, "data/starter-store.bin"));

function inMemory(bytes: Buffer) {
  return { size: bytes.length, read: (offset: number, length: number) => bytes.subarray(offset, offset + length) };
}

/** The key of every record, by the index. */
function keysOf(bytes: Buffer): readonly string[] {
  const { pagesAt, pageCount } = readHeader(bytes.subarray(0, headerBytes), bytes.length);
  const keys: string[] = [];
  for (let page = pagesAt; page < pagesAt + pageCount * pageBytes; page += pageBytes)
    for (let slot = 0; slot < (bytes[page + slotsPerPage * 16] ?? 0); slot++) {
      const at = page + slot * 16;
      const offset = bytes.readUIntLE(at + 8, 6);
      keys.push(createByteReader(bytes.subarray(offset + 4, offset + bytes.readUInt32LE(at + 4))).text());
    }
  return keys;
}

describe("the store that ships", () => {
  it("holds no record that this version cannot read to its last byte", { timeout: 60_000 }, () => {
    const bytes = brotliDecompressSync(shipped.subarray(40));
    const store = readStore(inMemory(bytes));
    const keys = keysOf(bytes);
    let advisories = 0;
    let stated = 0;
    for (const key of keys) {
      if (key.startsWith("#")) expect(store.facts(key.slice(1)), key).toBeDefined();
      else if (key.startsWith("@")) expect(store.mavenGroups(key.slice(1)).length, key).toBeGreaterThan(0);
      else {
        const { ecosystem, name } = splitPackageKey(key) ?? { ecosystem: "", name: "" };
        for (const { id, affected, severities, modified } of store.find(ecosystem, name)) {
          // A record that is read by another version's rules yields ids out of thin air before it fails.
          if (!/^[A-Za-z][\w.:+-]{2,80}$/.test(id)) expect(id, key).toBe("an id");
          for (const { versions, ranges } of affected)
            expect(versions.length + ranges.length).toBeGreaterThanOrEqual(0);
          stated += severities.length;
          if (modified !== undefined && !/^\d{4}-\d\d-\d\d$/.test(modified)) expect(modified, key).toBe("a day");
          advisories++;
        }
      }
    }
    expect(keys.length).toBeGreaterThan(10_000);
    expect(advisories).toBeGreaterThan(20_000);
    expect(stated).toBeGreaterThan(5_000);
  });
});
