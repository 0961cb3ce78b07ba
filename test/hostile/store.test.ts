import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import {
  type Advisory,
  builtInFeeds,
  buildStore,
  builtInSchemes,
  readStore,
  verifyStore,
} from "../../src/advisories/index.ts";
import type { RandomAccess } from "../../src/core/index.ts";

const root = mkdtempSync(join(tmpdir(), "plimsoll-hostile-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const mutants = 10_000;

/** Random numbers that are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Some bytes changed, a part cut out, doubled or written over with a length nobody has. */
function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  const at = random(copy.length);
  switch (random(5)) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.min(copy.length, at + 1 + random(64)))]);
    case 2:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.max(0, at - random(64)))]);
    case 3:
      copy.fill(random(2) * 255, at, Math.min(copy.length, at + 1 + random(8)));
      return copy;
    default:
      for (let left = 1 + random(8); left > 0; left--) copy[random(copy.length)] = random(256);
      return copy;
  }
}

/** Bytes behind a check that nobody reads outside them. */
function view(bytes: Buffer): RandomAccess {
  return {
    size: bytes.length,
    read(offset, length) {
      if (!(offset >= 0 && length >= 0 && Number.isSafeInteger(offset + length)))
        throw new Error(`read of ${length} bytes at ${offset}`);
      return bytes.subarray(offset, offset + length);
    },
  };
}

function record(i: number): string {
  return JSON.stringify({
    id: `OSV-2024-${i}`,
    modified: "2024-01-02T00:00:00Z",
    aliases: [`CVE-2024-${1000 + i}`],
    severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
    affected: [
      {
        package: { ecosystem: "npm", name: `package-${i % 20}` },
        ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed: `1.${i}.0` }] }],
        versions: ["1.0.0", "1.0.1"],
      },
    ],
  });
}

function zip(files: ReadonlyMap<string, string>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const bytes = Buffer.from(text);
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), common, place, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const all = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(all.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, all, end]);
}

const records = new Map(Array.from({ length: 60 }, (_, i) => [`r${i}.json`, record(i)]));
const archive = zip(records);
const feed = (id: string) => {
  const found = builtInFeeds.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no feed ${id}`);
  return found;
};
const surroundings = (path: string) => ({
  path,
  text: () => undefined,
  scheme: (ecosystem: string) => builtInSchemes.find(({ ecosystems }) => ecosystems.includes(ecosystem)),
});

describe("damaged and malicious stores", () => {
  it(`${mutants} mutants answer rightly or end in store.damaged, never otherwise`, { timeout: 120_000 }, () => {
    const folder = join(root, "bucket");
    rmSync(folder, { recursive: true, force: true });
    const path = join(root, "whole.store");
    writeBucket(folder);
    buildStore(folder, path);
    const bytes = readFileSync(path);
    const whole = readStore(view(bytes));
    const right = new Map(Array.from({ length: 20 }, (_, i) => [`package-${i}`, whole.find("npm", `package-${i}`)]));
    expect([...right.values()].every((found: readonly Advisory[]) => found.length === 3)).toBe(true);
    const random = numbers(7);
    let refused = 0;
    for (let i = 0; i < mutants; i++) {
      const mutant = mutate(bytes, random);
      if (mutant.equals(bytes)) continue;
      const name = `package-${i % 20}`;
      try {
        const store = readStore(view(mutant));
        expect(store.find("npm", name)).toEqual(right.get(name));
        store.facts(`CVE-2024-${1000 + (i % 60)}`);
        store.named(`CVE-2024-${1000 + (i % 60)}`);
        store.mavenGroups("a");
        verifyStore(view(mutant));
        // Only bytes that no part of the format uses may differ unnoticed.
        expect.unreachable("a store that differs was taken for whole");
      } catch (error) {
        refused++;
        if (!(error instanceof Error && "code" in error && error.code === "store.damaged")) throw error;
      }
    }
    expect(refused).toBeGreaterThan(mutants * 0.9);
  });

  it("whose checksums all hold but whose contents are nonsense end in store.damaged", { timeout: 60_000 }, () => {
    const folder = join(root, "sealed");
    writeBucket(folder);
    const path = join(root, "sealed.store");
    buildStore(folder, path);
    const bytes = readFileSync(path);
    const random = numbers(11);
    const pagesAt = Number(bytes.readBigUInt64LE(24));
    const count = bytes.readUInt32LE(32);
    for (let i = 0; i < 3000; i++) {
      const mutant = Buffer.from(bytes);
      for (let page = 0; page < count; page++) {
        const at = pagesAt + page * 256;
        for (let slot = 0; slot < (mutant[at + 240] ?? 0); slot++) {
          const offset = mutant.readUIntLE(at + slot * 16 + 8, 6);
          const length = mutant.readUInt32LE(at + slot * 16 + 4);
          const place = offset + 20 + random(Math.max(1, length - 20));
          if (random(4) === 0 && place < offset + length) mutant[place] = random(256);
          mutant.writeUInt32LE(crc32(mutant.subarray(offset + 4, offset + length)), offset);
        }
      }
      const store = readStore(view(mutant));
      for (const ask of [
        () => JSON.stringify(store.find("npm", `package-${i % 20}`)),
        () => store.named(`CVE-2024-${1000 + (i % 60)}`),
      ]) {
        try {
          ask();
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "store.damaged")) throw error;
        }
      }
    }
  });
});

describe("damaged and malicious feeds", () => {
  it(`${mutants} mutants of an archive give records or a typed error`, { timeout: 120_000 }, () => {
    const random = numbers(3);
    for (let i = 0; i < mutants; i++) drain("osv", "npm/all.zip", mutate(archive, random));
    expect(drain("osv", "npm/all.zip", archive)).toBe(60);
  });

  it("mutants of every other feed give items or a typed error", { timeout: 60_000 }, () => {
    const samples: readonly (readonly [feed: string, path: string, text: string])[] = [
      ["osv", "npm/x.json", record(1)],
      ["osv", "npm/newer.jsonl", `${record(1)}\n${record(2)}\n`],
      [
        "kev",
        "kev/known_exploited_vulnerabilities.json",
        '{"vulnerabilities":[{"cveID":"CVE-2024-1000","dateAdded":"2024-01-02"}]}',
      ],
      ["epss", "epss/a.csv", "#model\ncve,epss,percentile\nCVE-2024-1000,0.5,0.9\n"],
      ["cvss", "severity/cvss.csv", "cve,vector,score,source\nCVE-2024-1000,CVSS:3.1/AV:N,9.8,nvd\n"],
      [
        "alpine-secdb",
        "alpine-secdb/v3.20/main.json",
        '{"packages":[{"pkg":{"name":"a","secfixes":{"1.0-r0":["CVE-2024-1000 (+ fix)"]}}}]}',
      ],
      [
        "debian-tracker",
        "debian-tracker/tracker.json",
        '{"a":{"CVE-2024-1000":{"releases":{"bookworm":{"status":"resolved","fixed_version":"1","repositories":{"bookworm":"1"}}}}}}',
      ],
      [
        "runtimes",
        "runtimes/nodejs.json",
        '{"advisories":[{"id":"CVE-2024-1000","package":{"name":"node"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]}',
      ],
    ];
    const random = numbers(5);
    for (const [id, path, text] of samples) {
      expect(drain(id, path, Buffer.from(text))).toBeGreaterThan(0);
      for (let i = 0; i < 1500; i++) drain(id, path, mutate(Buffer.from(text), random));
    }
  });

  it("an entry that inflates to far more than it says is not inflated", () => {
    const bomb = zip(new Map([["a.json", " ".repeat(30 << 20)]]));
    expect(() => [...feed("osv").read(view(bomb), surroundings("npm/all.zip"))]).toThrow(
      expect.objectContaining({ code: "feed.limit" }),
    );
    const lying = Buffer.from(zip(new Map([["a.json", " ".repeat(8 << 20)]])));
    lying.writeUInt32LE(10, lying.indexOf("PK\x01\x02") + 24);
    expect(() => [...feed("osv").read(view(lying), surroundings("npm/all.zip"))]).toThrow(
      expect.objectContaining({ code: "feed.invalid" }),
    );
  });

  it("JSON of endless depth or with odd keys does no harm", () => {
    for (const text of [
      "[".repeat(200_000),
      `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`,
      '{"__proto__":{"CVE-2024-1000":{}}}',
    ])
      drain("debian-tracker", "debian-tracker/tracker.json", Buffer.from(text));
  });
});

function writeBucket(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "npm"), { recursive: true });
  writeFileSync(join(folder, "npm/all.zip"), archive);
}

/** How many items a feed gives; what it refuses must be refused in its own words. */
function drain(id: string, path: string, bytes: Buffer): number {
  let items = 0;
  try {
    for (const _ of feed(id).read(view(bytes), surroundings(path))) items++;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("feed."))) throw error;
  }
  return items;
}
