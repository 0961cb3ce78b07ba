import { describe, expect, it } from "vitest";
import { type CatalogView, catalogFiles } from "./catalog.ts";
import type { Cataloger } from "./cataloger.ts";
import type { Package } from "./package.ts";

const view: CatalogView = {
  paths: ["db", "usr/lib/python3/x/METADATA"],
  stat: () => ({ size: 1, mode: 0o644 }),
  open: () => ({ size: 1, read: () => Uint8Array.of(65) }),
};

function one(purl: string, files: string[], more: Partial<Package> = {}): Package {
  return { purl, type: purl.slice(4, purl.indexOf("/")), name: "x", version: "1", licenses: [], files, ...more };
}

function cataloger(id: string, catalog: Cataloger["catalog"], more: Partial<Cataloger> = {}): Cataloger {
  return { id, summary: id, evidence: "installed", wants: () => true, catalog, examples: [], ...more };
}

describe("cataloging files", () => {
  it("sorts by purl and joins the evidence of one package found twice", () => {
    const { packages } = catalogFiles(view, [
      cataloger("b", () => [one("pkg:npm/b@1", ["b/package.json"]), one("pkg:npm/a@1", ["one"])]),
      cataloger("a", () => [one("pkg:npm/a@1", ["two", "one"], { version: "other" })]),
    ]);
    expect(packages).toEqual([one("pkg:npm/a@1", ["one", "two"]), one("pkg:npm/b@1", ["b/package.json"])]);
  });

  it("keeps what a cataloger found before it failed, and what others find", () => {
    const failing = cataloger("bad", function* () {
      yield one("pkg:npm/early@1", ["e"]);
      throw new TypeError("no such thing");
    });
    const { packages, failures, unreadable } = catalogFiles(view, [
      failing,
      cataloger("good", () => [one("pkg:npm/late@1", ["l"])]),
    ]);
    expect(packages.map(({ purl }) => purl)).toEqual(["pkg:npm/early@1", "pkg:npm/late@1"]);
    expect(failures).toEqual([{ cataloger: "bad", reason: "no such thing" }]);
    expect(unreadable).toEqual([]);
  });

  it("tells once of each damaged file, and of no more than a hundred for one cataloger", () => {
    const damaged = cataloger("many", (_files, unreadable) => {
      for (let index = 0; index < 200; index++) unreadable(`file-${index >> 1}`, index % 2 === 0 ? "first" : "second");
      unreadable("file-last", "too many");
      return [];
    });
    const { unreadable } = catalogFiles(view, [damaged]);
    expect(unreadable).toHaveLength(100);
    expect(unreadable[1]).toEqual({ cataloger: "many", path: "file-1", reason: "first" });
    expect(unreadable.some(({ path }) => path === "file-last")).toBe(false);
  });

  it("marks a language package with the OS package that lists its evidence, however /usr was merged", () => {
    const os = cataloger("os", () => [
      one("pkg:deb/debian/python3-x@1", ["db"], { owns: ["lib/python3/x/METADATA"] }),
      one("pkg:deb/debian/later@1", ["db"], { owns: ["usr/lib/python3/x/METADATA"] }),
    ]);
    const language = cataloger("language", () => [
      one("pkg:pypi/x@1", ["usr/lib/python3/x/METADATA"]),
      one("pkg:pypi/y@1", ["usr/lib/python3/y/METADATA"]),
    ]);
    const owners = catalogFiles(view, [language, os]).packages.map(({ purl, owner }) => [purl, owner]);
    expect(owners).toEqual([
      ["pkg:deb/debian/later@1", undefined],
      ["pkg:deb/debian/python3-x@1", undefined],
      ["pkg:pypi/x@1", "pkg:deb/debian/python3-x@1"],
      ["pkg:pypi/y@1", undefined],
    ]);
  });

  it("hands over condensed files, and of layers nothing but what was kept", () => {
    const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
    const reading = cataloger(
      "reading",
      (files) => [one(`pkg:npm/${files.paths.length}-${text(files.open("db")?.read(0, 9))}@1`, ["db"])],
      { condense: (path) => (path === "db" ? Uint8Array.of(66) : undefined) },
    );
    expect(catalogFiles(view, [reading]).packages[0]?.purl).toBe("pkg:npm/2-B@1");
    const kept = (id: string, path: string): Uint8Array | undefined =>
      id === "reading" && path === "db" ? Uint8Array.of(67) : undefined;
    expect(catalogFiles({ ...view, kept }, [reading]).packages[0]?.purl).toBe("pkg:npm/1-C@1");
  });
});
