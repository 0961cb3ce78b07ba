import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  builtInCatalogers,
  type Cataloger,
  type CatalogerExample,
  type CatalogView,
  catalogFiles,
  formatPurl,
  neverCataloged,
  parsePurl,
} from "../../src/packages/index.ts";
import { bytesOf, directoryOf } from "../support/files.ts";
import { type LayerFiles, layeredView } from "../support/layered-view.ts";

const only = process.env["CATALOGER"];
const catalogers = only ? builtInCatalogers.filter(({ id }) => id.includes(only)) : builtInCatalogers;
const ids = builtInCatalogers.map(({ id }) => id);

/** The purls a cataloger alone finds, and the files it calls damaged; it must not fail. */
function readWith(cataloger: Cataloger, view: CatalogView): { purls: string[]; unreadable: string[] } {
  const { packages, failures, unreadable } = catalogFiles(view, [cataloger]);
  expect(failures).toEqual([]);
  return { purls: packages.map(({ purl }) => purl), unreadable: unreadable.map(({ path }) => path).sort() };
}

/** What tells of programs by their insides: whatever is no program is none of their business. Pins in prose are no format. */
const withoutFormat = new Set(["go-binary", "java", "requirements", "runtimes", "rust-binary"]);
/** What stands beside a database and has no packages in it. */
const beside = /os-release$|\.(?:list|md5sums)$|\/(?:copyright|files|RECORD|direct_url\.json|\.package-lock\.json)$/;

function filesOf(example: CatalogerExample): Map<string, Uint8Array> {
  return new Map(Object.entries(example.files).map(([path, content]) => [path, bytesOf(content)]));
}

/** An example in three layers: something else under the same names, something that goes again, then what counts. */
function layersOf(files: ReadonlyMap<string, Uint8Array>): LayerFiles[] {
  const junk = new TextEncoder().encode("Package: stale\nP:stale\nV:0\nVersion: 0\n\n");
  const paths = [...files.keys()].sort();
  return [
    new Map(paths.map((path) => [path, junk])),
    new Map(paths.slice(0, 1).map((path) => [path, undefined])),
    files,
  ];
}

describe("the list of catalogers", () => {
  it("is sorted by id, without repeats", () => {
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it("wants no file by whose extension all are passed over", () => {
    const places = builtInCatalogers.flatMap(({ examples }) => examples.flatMap(({ files }) => Object.keys(files)));
    const directories = new Set(places.map((path) => path.slice(0, path.lastIndexOf("/") + 1)));
    const wanted = builtInCatalogers.flatMap((cataloger) =>
      [...directories].flatMap((directory) =>
        [...neverCataloged].some((extension) =>
          cataloger.wants(`${directory}any.${extension}`, { size: 4096, mode: 0o755 }),
        )
          ? [cataloger]
          : [],
      ),
    );
    expect([...new Set(wanted.filter(({ anyName }) => !anyName).map(({ id }) => id))]).toEqual([]);
    expect(places.filter((path) => neverCataloged.has(path.slice(path.lastIndexOf(".") + 1)))).toEqual([]);
  });

  it("has every cataloger there is", () => {
    const directory = new URL("../../src/packages/catalogers/", import.meta.url);
    const files = readdirSync(directory).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
    const exporting = files.filter((name) =>
      /^export const \w+: Cataloger\b/m.test(readFileSync(new URL(name, directory), "utf8")),
    );
    expect(exporting.map((name) => name.replace(/\.ts$/, "")).sort()).toEqual(ids);
  });
});

describe.each(catalogers.map((cataloger) => [cataloger.id, cataloger] as const))("%s", (_, cataloger) => {
  it("has a name, a summary, and an example with a package", () => {
    expect(cataloger.id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(cataloger.summary).not.toMatch(/\.$|\n/);
    expect(cataloger.examples.some(({ purls }) => purls.length > 0)).toBe(true);
    expect(new Set(cataloger.examples.map(({ title }) => title)).size).toBe(cataloger.examples.length);
  });

  it.each(cataloger.examples.map((example) => [example.title, example] as const))(
    "finds exactly this in a directory and in layers: %s",
    async (_title, example) => {
      const files = filesOf(example);
      expect(example.purls).toEqual([...example.purls].sort());
      for (const purl of example.purls) {
        const parts = parsePurl(purl);
        expect(parts && formatPurl(parts)).toBe(purl);
      }
      const { purls, unreadable = [] } = example;
      expect(readWith(cataloger, directoryOf(files))).toEqual({ purls, unreadable });
      const layers = await layeredView(layersOf(files), [cataloger]);
      expect(readWith(cataloger, layers)).toEqual({ purls, unreadable });
    },
  );

  it("says of what it cannot read that it could not be read", () => {
    if (withoutFormat.has(cataloger.id)) return;
    const files = filesOf(cataloger.examples[0] ?? { title: "", files: {}, purls: [] });
    for (const path of files.keys()) {
      const file = { size: files.get(path)?.length ?? 0, mode: 0o644 };
      // The manifests that count are those where programs look for packages.
      const isElsewhere = cataloger.id === "node" && !path.includes("node_modules/");
      if (beside.test(path) || isElsewhere || !cataloger.wants(path, file)) continue;
      const garbage = new TextEncoder().encode("\u0001PK garbage }{ << no format has this\n".repeat(40));
      expect(readWith(cataloger, directoryOf(new Map(files).set(path, garbage))).unreadable).toContain(path);
    }
  });

  it("names files that are there as its evidence, paths without leading slash, and itself alike every time", () => {
    for (const example of cataloger.examples) {
      const view = directoryOf(filesOf(example));
      const first = catalogFiles(view, [cataloger]).packages;
      for (const { files, owns, type, purl } of first) {
        expect(files.length).toBeGreaterThan(0);
        // Inside an archive the path goes on after the archive's own.
        for (const file of files)
          expect(view.paths.some((path) => file === path || file.startsWith(`${path}!`))).toBe(true);
        expect((owns ?? []).filter((path) => path === "" || path.startsWith("/"))).toEqual([]);
        expect(purl.startsWith(`pkg:${type}/`)).toBe(true);
      }
      expect(JSON.stringify(catalogFiles(view, [cataloger]).packages)).toBe(JSON.stringify(first));
    }
  });

  it("decides what it wants by what it is told, and wants something of each example", () => {
    for (const example of cataloger.examples) {
      const files = [...filesOf(example)].map(([path, bytes]) => [path, { size: bytes.length, mode: 0o644 }] as const);
      const wants = (): boolean[] => files.map(([path, file]) => cataloger.wants(path, file));
      expect(wants()).toContain(true);
      expect(wants()).toEqual(wants());
    }
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(), (path, size) => {
        expect(typeof cataloger.wants(path, { size, mode: 0o755 })).toBe("boolean");
      }),
    );
  });

  it("survives its files with other bytes in them", () => {
    for (const example of cataloger.examples) {
      const files = filesOf(example);
      const path = fc.constantFrom(...files.keys());
      fc.assert(
        fc.property(
          path,
          fc.uint8Array({ maxLength: 4096 }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          (path, noise, at) => {
            const whole = files.get(path) ?? new Uint8Array();
            const cut = Math.floor(at * whole.length);
            const middle = new Uint8Array(whole);
            middle.set(noise.subarray(0, Math.min(8, whole.length - cut)), cut);
            for (const bytes of [noise, whole.subarray(0, cut), middle])
              readWith(cataloger, directoryOf(new Map(files).set(path, bytes)));
          },
        ),
        { numRuns: 50 },
      );
    }
  });
});
