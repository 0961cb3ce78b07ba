import { deflateRawSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { condenseBinary } from "../../src/packages/binary/binary-facts.ts";
import { readElf } from "../../src/packages/binary/elf.ts";
import { readElfSymbols } from "../../src/packages/binary/elf-symbols.ts";
import { readExecutable } from "../../src/packages/binary/executable.ts";
import { readGoBuildInfo } from "../../src/packages/binary/go-build-info.ts";
import { readZip } from "../../src/packages/binary/zip.ts";
import { condenseJar } from "../../src/packages/reading/java-archive.ts";
import { builtInCatalogers, type Cataloger } from "../../src/packages/index.ts";
import { bytesFile, catalogHeld } from "../support/catalog.ts";
import { randomSource } from "../support/generate.ts";
import { oldGoProgram } from "../support/old-go-program.ts";
import { zipOf } from "../support/zip.ts";

const mutants = 10_000;
const slowest = 3000;

function exampleBytes(id: string): Buffer {
  for (const example of builtInCatalogers.find((one) => one.id === id)?.examples ?? [])
    for (const content of Object.values(example.files))
      if (typeof content !== "string") return Buffer.from(content.base64, "base64");
  throw new Error(`${id} has no binary example`);
}

/** One of many ways to damage a file: bits, whole numbers at their limits, a piece cut out, doubled or cut off. */
function damage(bytes: Buffer, random: (below: number) => number): Buffer {
  const damaged = Buffer.from(bytes);
  for (let times = 1 + random(8); times > 0; times--) {
    const at = random(damaged.length);
    const kind = random(6);
    if (kind === 0) damaged[at] = random(256);
    else if (kind === 1) damaged[at] = (damaged[at] ?? 0) ^ (1 << random(8));
    else if (kind === 2) damaged.fill(0xff, at, Math.min(damaged.length, at + (1 << random(4))));
    else if (kind === 3) damaged.fill(0, at, Math.min(damaged.length, at + (1 << random(4))));
    else if (kind === 4) damaged.copy(damaged, random(damaged.length), at, at + random(64));
    else if (damaged.length > 16) return damaged.subarray(0, random(damaged.length));
  }
  return damaged;
}

function survive(name: string, bytes: Buffer, read: (mutant: Buffer) => void): void {
  const source = randomSource(20_240_601);
  const below = (n: number): number => source.below(n);
  let worst = 0;
  for (let nth = 0; nth < mutants; nth++) {
    const mutant = damage(bytes, below);
    const start = performance.now();
    read(mutant);
    worst = Math.max(worst, performance.now() - start);
  }
  expect(worst, name).toBeLessThan(slowest);
}

describe("readers of binaries survive ten thousand mutants each", () => {
  const before = process.memoryUsage().rss;
  afterAll(() => expect(process.memoryUsage().rss - before).toBeLessThan(1 << 30));

  it("ELF", () => {
    survive("ELF", exampleBytes("go-binary"), (mutant) => {
      const elf = readElf(bytesFile(mutant));
      const symbols = readElfSymbols(bytesFile(mutant));
      expect((symbols?.symbols ?? 0) + (symbols?.debug ?? 0)).toBeLessThanOrEqual(mutant.length);
      if (elf) expect(Number.isNaN(elf.debugBytes)).toBe(false);
    });
  });

  it("Go's build information, in place and behind pointers", () => {
    survive("in place", exampleBytes("go-binary"), (mutant) => {
      const executable = readExecutable(bytesFile(mutant));
      if (executable) readGoBuildInfo(executable);
      condenseBinary("srv/app", bytesFile(mutant));
    });
    const pointed = oldGoProgram("go1.15.9", "path\texample.com/shop\ndep\tgolang.org/x/sys\tv0.1.0\th1:x=\n");
    const whole = readExecutable(bytesFile(pointed));
    expect(whole && readGoBuildInfo(whole)?.dependencies).toEqual([{ path: "golang.org/x/sys", version: "v0.1.0" }]);
    survive("behind pointers", pointed, (mutant) => condenseBinary("srv/app", bytesFile(mutant)));
  });

  it("crates recorded in a program", () => {
    survive("rust", exampleBytes("rust-binary"), (mutant) => condenseBinary("srv/app.so", bytesFile(mutant)));
  });

  it("zip archives and what is nested in them", () => {
    survive("zip", exampleBytes("java"), (mutant) => {
      const file = bytesFile(mutant);
      const zip = readZip(file);
      for (const entry of zip?.entries.slice(0, 100) ?? []) zip?.open(entry, 1 << 20);
      condenseJar("shop.war", file);
    });
  });
});

describe("archives that are bombs", () => {
  const zeros = (size: number): Buffer => deflateRawSync(Buffer.alloc(size), { level: 9 });

  it("a member that says it is small does not unpack to more than it says", () => {
    const archive = zipOf([{ name: "META-INF/MANIFEST.MF", packed: zeros(64 << 20), size: 100 }]);
    const zip = readZip(bytesFile(archive));
    const entry = zip?.entries[0];
    expect(entry?.size).toBe(100);
    expect(entry && zip?.open(entry, 1 << 30)).toBeUndefined();
  });

  it("nested archives that multiply end with the budget of the outermost", () => {
    let archive = zipOf([{ name: "x", packed: zeros(1 << 20), size: 1 << 20 }]);
    for (let depth = 0; depth < 12; depth++) {
      const packed = deflateRawSync(archive);
      const size = archive.length;
      archive = zipOf(Array.from({ length: 10 }, (_, nth) => ({ name: `${nth}.jar`, packed, size })));
    }
    const start = performance.now();
    expect(condenseJar("bomb.jar", bytesFile(archive))).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("a directory whose members all lie over each other is read within the budget", () => {
    const packed = zeros(8 << 20);
    const one = zipOf([{ name: "a.jar", packed, size: 8 << 20 }]);
    const archive = zipOf(
      Array.from({ length: 20_000 }, (_, nth) => ({ name: `${nth}.jar`, packed, size: 8 << 20, at: 0 })),
    );
    expect(one.length).toBeGreaterThan(0);
    const start = performance.now();
    condenseJar("overlap.jar", bytesFile(archive));
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("a jar that holds itself ends", () => {
    const inner = zipOf([{ name: "self.jar", packed: Buffer.alloc(0), size: 0 }]);
    expect(condenseJar("self.jar", bytesFile(inner))).toBeUndefined();
  });
});

describe("hostile texts", () => {
  const textual = builtInCatalogers.filter(({ examples }) =>
    examples.some(({ files }) => Object.values(files).some((content) => typeof content === "string")),
  );
  const paths = (cataloger: Cataloger): string[] => cataloger.examples.flatMap(({ files }) => Object.keys(files));

  it.each(textual.map((one) => [one.id, one] as const))(
    "%s reads ten thousand levels and megabytes of marks in linear time",
    (_, cataloger) => {
      const nested = `${'{"packages":'.repeat(10_000)}{}${"}".repeat(10_000)}`;
      const deepLists = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
      const indented = Array.from({ length: 3000 }, (_, depth) => `${" ".repeat(Math.min(depth, 500))}a${depth}:`).join(
        "\n",
      );
      const marks = [
        "-",
        '"',
        "'",
        "\\",
        "{",
        "[",
        "<",
        "${",
        " ",
        "\t",
        ",",
        ": ",
        "\n",
        "\r\n",
        "a==",
        "==",
        "a@",
        "/",
        "- ",
        "? ",
        "s.name = ",
        "\\\n",
        "<a>",
        "&amp;",
        ":hex, ",
      ];
      const texts = [
        nested,
        deepLists,
        indented,
        ...marks.map((mark) => mark.repeat(Math.floor(200_000 / mark.length))),
      ];
      for (const path of new Set(paths(cataloger)))
        for (const text of texts) {
          const start = performance.now();
          catalogHeld(new Map([[path, { mode: 0o644, file: bytesFile(Buffer.from(text)) }]]), cataloger);
          expect(performance.now() - start, `${path}: ${text.slice(0, 20)}`).toBeLessThan(slowest);
        }
    },
  );

  it.each(textual.map((one) => [one.id, one] as const))(
    "%s takes no more than linear time on its own text a thousand times over",
    (_, cataloger) => {
      for (const { files } of cataloger.examples)
        for (const [path, content] of Object.entries(files)) {
          if (typeof content !== "string") continue;
          const held = (times: number) =>
            new Map([
              [
                path,
                {
                  mode: 0o644,
                  file: bytesFile(
                    Buffer.from(content.repeat(Math.ceil((times * 100_000) / Math.max(1, content.length)))),
                  ),
                },
              ],
            ]);
          const start = performance.now();
          catalogHeld(held(20), cataloger);
          expect(performance.now() - start, path).toBeLessThan(slowest);
        }
    },
  );

  it.each(textual.map((one) => [one.id, one] as const))(
    "%s survives two hundred mutants of each example",
    (_, cataloger) => {
      const source = randomSource(7);
      const below = (n: number): number => source.below(n);
      for (const { files } of cataloger.examples)
        for (const [path, content] of Object.entries(files)) {
          if (typeof content !== "string" || content === "") continue;
          for (let nth = 0; nth < 200; nth++)
            catalogHeld(
              new Map([[path, { mode: 0o644, file: bytesFile(damage(Buffer.from(content), below)) }]]),
              cataloger,
            );
        }
    },
  );
});
