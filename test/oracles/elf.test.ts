import { readdirSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { readElfSymbols } from "../../src/packages/binary/elf-symbols.ts";
import { readElf } from "../../src/packages/binary/elf.ts";
import { diskFile } from "../support/catalog.ts";
import { outside, scratchDirectory } from "../support/outside.ts";

/** Some programs and libraries of this machine, each once. */
function someFiles(): string[] {
  const found = new Set<string>();
  for (const directory of ["/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/sbin"]) {
    try {
      for (const name of readdirSync(directory).sort()) {
        const path = realpathSync(join(directory, name));
        if (statSync(path).isFile() && statSync(path).size < 20 << 20 && readElf(diskFile(path))) found.add(path);
        if (found.size % 40 === 39) break;
      }
    } catch {
      // The directory is another machine's.
    }
  }
  return [...found];
}

function said(context: TestContext, path: string): string {
  return outside(context, "/", "readelf", ["-W", "-h", "-l", "-S", "-d", "-n", path], { env: { LC_ALL: "C" } });
}

describe("ELF files", () => {
  it("are read as readelf reads them", { timeout: 60_000 }, (context) => {
    const files = someFiles();
    if (files.length === 0) context.skip("this machine has no ELF files where they are looked for");
    for (const path of files) {
      const elf = readElf(diskFile(path));
      const text = said(context, path);
      const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map((one) => one[1] ?? "");
      expect(elf?.needed, path).toEqual(all(/\(NEEDED\)\s+Shared library: \[(.*)\]/g));
      expect(elf?.soname, path).toBe(all(/\(SONAME\)\s+Library soname: \[(.*)\]/g)[0]);
      expect(elf?.runpath, path).toBe(all(/\(RUNPATH\)\s+Library runpath: \[(.*)\]/g)[0]);
      expect(elf?.rpath, path).toBe(all(/\(RPATH\)\s+Library rpath: \[(.*)\]/g)[0]);
      expect(elf?.interpreter, path).toBe(all(/Requesting program interpreter: (.*)\]/g)[0]);
      expect(elf?.buildId, path).toBe(all(/Build ID: ([0-9a-f]+)/g)[0]);
      expect(elf?.bits, path).toBe(/Class:\s+ELF64/.test(text) ? 64 : 32);
      const sections = [
        ...text.matchAll(
          /^ {2}\[ *\d+\] (\S*) +([A-Z0-9_]+|<unknown>|[0-9a-f]+: <unknown>) +([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) /gm,
        ),
      ];
      const written = sections
        .filter((one) => one[2] !== "NULL")
        .map((one) => `${one[1]} ${Number.parseInt(one[4] ?? "", 16)} ${Number.parseInt(one[5] ?? "", 16)}`);
      expect(
        elf?.sections.filter(({ type }) => type !== 0).map(({ name, offset, size }) => `${name} ${offset} ${size}`),
        path,
      ).toEqual(written);
    }
  });

  it("hold the symbols that strip takes out of them, and those it leaves alone hold none", {
    timeout: 60_000,
  }, (context) => {
    const work = scratchDirectory(context);
    const functions = Array.from({ length: 800 }, (_, n) => `int a_rather_long_name_${n}(int x) { return x * ${n}; }`);
    writeFileSync(join(work, "a.c"), `${functions.join("\n")}\nint main(void) { return a_rather_long_name_7(1); }\n`);
    const run = (program: string, ...words: string[]): string => outside(context, work, program, words, {});
    for (const [name, ...flags] of [
      ["plain"],
      ["debug", "-g"],
      ["library", "-g", "-shared", "-fPIC"],
      ["packed", "-g", "-gz"],
    ]) {
      run("gcc", "a.c", "-o", name ?? "", ...flags);
      run("strip", "--strip-unneeded", "-o", "stripped", name ?? "");
      const file = diskFile(join(work, name ?? ""));
      const found = readElfSymbols(file);
      const saved = file.size - statSync(join(work, "stripped")).size;
      const said = (found?.symbols ?? 0) + (found?.debug ?? 0);
      // What else goes are the names of the sections, their headers, and what lies between them.
      expect(Math.abs(saved - said), name).toBeLessThan(2048);
      expect(said, name).toBeGreaterThan(20_000);
      expect((found?.debug ?? 0) > 0, name).toBe(flags.length > 0);
      expect(readElfSymbols(diskFile(join(work, "stripped"))), name).toBeUndefined();
    }
    run("gcc", "-g", "-c", "a.c", "-o", "a.o");
    expect(readElfSymbols(diskFile(join(work, "a.o")))).toBeUndefined();
  });
});
