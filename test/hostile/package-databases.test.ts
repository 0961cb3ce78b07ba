import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtInCatalogers, catalogFiles, type Package } from "../../src/packages/index.ts";
import { bytesOf, directoryOf } from "../support/files.ts";
import { randomSource } from "../support/generate.ts";
import { buildRpmSystem, hasRpmTools, type RpmSystem } from "../support/rpm-systems.ts";

const mutants = Number(process.env["PLIMSOLL_MUTANTS"] ?? 10_000);
const databases = new Set(["apk", "chisel", "dpkg", "opkg", "pacman", "rpm"]);
const catalogers = builtInCatalogers.filter(({ id }) => databases.has(id));
if (!hasRpmTools()) process.stderr.write("skipped: rpm, rpmbuild or sqlite3 is not installed\n");

type Random = ReturnType<typeof randomSource>;

/** All packages of one file, or of several. Nothing may throw. */
function packagesIn(...files: readonly (readonly [path: string, bytes: Uint8Array | string])[]): readonly Package[] {
  const view = directoryOf(
    new Map(files.map(([path, bytes]) => [path, typeof bytes === "string" ? bytesOf(bytes) : bytes])),
  );
  const { packages, failures } = catalogFiles(view, catalogers);
  expect(failures).toEqual([]);
  return packages;
}

/** The same bytes with some damage, most of it where bytes are in use. */
function mutate(random: Random, bytes: Uint8Array, used: readonly number[]): Uint8Array {
  const mutant = new Uint8Array(bytes);
  const place = (): number =>
    random.chance(0.9) ? (used[random.below(used.length)] ?? 0) : random.below(bytes.length);
  for (let times = 1 + random.below(6); times > 0; times--) {
    const at = place();
    const kind = random.below(5);
    if (kind === 0) mutant[at] = random.below(256);
    else if (kind === 1) mutant[at] = (mutant[at] ?? 0) ^ (1 << random.below(8));
    else if (kind === 2) mutant.fill(random.pick([0, 255, 127, 128]), at, at + 1 + random.below(4));
    else if (kind === 3) mutant.copyWithin(at, place(), place());
    else mutant.set(mutant.slice(place()).subarray(0, Math.min(64, bytes.length - at)), at);
  }
  return random.chance(0.1) ? mutant.subarray(0, random.below(bytes.length)) : mutant;
}

/** Reads mutants of a file; says how many packages all of them had, and how long the slowest took in milliseconds. */
function survive(
  seed: number,
  path: string,
  bytes: Uint8Array,
  count = mutants,
): { packages: number; slowest: number } {
  const random = randomSource(seed);
  const used = [...bytes.keys()].filter((at) => bytes[at] !== 0);
  let packages = 0;
  let slowest = 0;
  for (let index = 0; index < count; index++) {
    const mutant = mutate(random, bytes, used);
    const started = performance.now();
    packages += packagesIn([path, mutant]).length;
    slowest = Math.max(slowest, performance.now() - started);
  }
  return { packages, slowest };
}

describe.skipIf(!hasRpmTools())(`${mutants} damaged rpm databases`, () => {
  const directory = mkdtempSync(join(tmpdir(), "plimsoll-mutants-"));
  let system: RpmSystem | undefined;
  beforeAll(() => {
    system = buildRpmSystem(directory, 7, 2);
  }, 60_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each([
    ["SQLite", "var/lib/rpm/rpmdb.sqlite", () => system?.sqlite],
    ["ndb", "usr/lib/sysimage/rpm/Packages.db", () => system?.ndb],
    ["Berkeley DB", "var/lib/rpm/Packages", () => system?.berkeley[0]],
  ] as const)("%s: fewer packages, no exception, no hang", { timeout: 300_000 }, (_, path, bytesIn) => {
    const bytes = bytesIn();
    if (!bytes) return;
    const whole = packagesIn([path, bytes]).length;
    expect(whole).toBeGreaterThan(1);
    const { packages, slowest } = survive(11, path, bytes);
    expect(packages).toBeGreaterThan(mutants / 10);
    // Damage may turn a number of a package into another, not one package into many.
    expect(packages).toBeLessThan(mutants * (whole + 1));
    expect(slowest).toBeLessThan(1000);
  });
});

describe("other damaged databases", () => {
  it.each(
    catalogers
      .filter(({ id }) => id !== "rpm")
      .flatMap(({ id, examples }) => {
        const [path, content] =
          Object.entries(examples[0]?.files ?? {}).find(([path]) => !path.endsWith("os-release")) ?? [];
        return path !== undefined && content !== undefined ? [[id, path, bytesOf(content)] as const] : [];
      }),
  )("%s: no exception, no hang", { timeout: 120_000 }, (_, path, bytes) => {
    expect(survive(13, path, bytes, mutants / 4).slowest).toBeLessThan(1000);
  });
});

describe("databases that are too much", () => {
  const within = (milliseconds: number, read: () => readonly Package[]): readonly Package[] => {
    const started = performance.now();
    const packages = read();
    expect(performance.now() - started).toBeLessThan(milliseconds);
    return packages;
  };

  it("more packages than there are anywhere are read up to the limit", { timeout: 60_000 }, () => {
    const status = Array.from(
      { length: 1_000_000 },
      (_, n) => `Package: p${n}\nStatus: install ok installed\nVersion: 1\n`,
    ).join("\n");
    expect(within(30_000, () => packagesIn(["var/lib/dpkg/status", status]))).toHaveLength(100_000);
    const installed = Array.from({ length: 300_000 }, (_, n) => `P:p${n}\nV:1\n`).join("\n");
    expect(within(30_000, () => packagesIn(["lib/apk/db/installed", installed]))).toHaveLength(100_000);
  });

  it("a directory of a megabyte with a million files in it does not fill the memory", { timeout: 60_000 }, () => {
    const files = (directory: string): string => `P:a\nV:1\nF:${directory}\n${"R:x\n".repeat(1_000_000)}\n`;
    expect(within(30_000, () => packagesIn(["lib/apk/db/installed", files("d".repeat(1 << 20))]))[0]?.owns).toEqual([]);
    const [owner] = within(30_000, () => packagesIn(["lib/apk/db/installed", files("d".repeat(4000))]));
    const characters = owner?.owns?.reduce((sum, path) => sum + path.length, 0) ?? 0;
    expect(characters).toBeGreaterThan(1 << 20);
    expect(characters).toBeLessThanOrEqual(256 << 20);
  });

  it("lines, fields and words without end are linear", { timeout: 60_000 }, () => {
    const long = 1 << 19;
    for (const filler of [
      "a",
      " ",
      "(",
      ",",
      "%",
      ":",
      "/",
      "\n",
      "\r",
      ":\n",
      "a\n",
      "/\n",
      "a: b\n",
      " x\n",
      "R:\n",
      "F:/\n",
      "p:a ",
      "%A%\n",
    ]) {
      const text = filler.repeat(long / filler.length);
      const stanza = `Package: a\nVersion: 1\nSource: ${text}\nDepends: ${text}\nStatus: ${text}\n`;
      within(6000, () =>
        packagesIn(
          ["etc/os-release", text],
          ["lib/apk/db/installed", `P:a\nV:1\nD:${text}\np:${text}\n${text}`],
          ["usr/lib/opkg/status", stanza],
          ["var/lib/dpkg/info/a.list", text],
          ["var/lib/dpkg/status", `${stanza}${text}`],
          ["var/lib/pacman/local/a-1/desc", `%NAME%\na\n\n%VERSION%\n1\n\n%DEPENDS%\n${text}`],
          ["var/lib/pacman/local/a-1/files", text],
        ),
      );
    }
  });

  it("SQLite pages that lead to each other, and cells that lie in one another, are read once", () => {
    const [example] = builtInCatalogers.find(({ id }) => id === "rpm")?.examples ?? [];
    const database = bytesOf(example?.files["var/lib/rpm/rpmdb.sqlite"] ?? "");
    // Every page an inner page whose children are all pages.
    const loop = Buffer.alloc(512 * 200);
    for (let page = 0; page < 200; page++) {
      const start = page * 512 + (page === 0 ? 100 : 0);
      loop[start] = 5;
      loop.writeUInt16BE(100, start + 3);
      loop.writeUInt32BE(((page + 1) % 200) + 1, start + 8);
      for (let cell = 0; cell < 100; cell++) loop.writeUInt16BE(400 + cell, start + 12 + 2 * cell);
    }
    loop.set(database.subarray(0, 100));
    expect(within(2000, () => packagesIn(["var/lib/rpm/rpmdb.sqlite", loop]))).toEqual([]);
    const overlapping = Buffer.from(database);
    const leaf = 512;
    overlapping.writeUInt16BE(200, leaf + 3);
    for (let cell = 2; cell < 200; cell++)
      overlapping.copy(overlapping, leaf + 8 + 2 * Math.min(cell, 20), leaf + 10, leaf + 12);
    expect(within(2000, () => packagesIn(["var/lib/rpm/rpmdb.sqlite", overlapping])).length).toBeLessThan(3);
  });

  it("a zstd bomb in a manifest is nothing", () => {
    // One frame of 4000 blocks that each say "128 KiB of zero bytes" (RFC 8878, RLE_Block): 500 MiB.
    const blocks = Array.from({ length: 4000 }, (_, n) => {
      const header = (n === 3999 ? 1 : 0) | (1 << 1) | (0x20000 << 3);
      return [header & 255, (header >> 8) & 255, (header >> 16) & 255, 0];
    });
    const bomb = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, ...blocks.flat()]);
    expect(within(5000, () => packagesIn(["var/lib/chisel/manifest.wall", bomb]))).toEqual([]);
  });
});
