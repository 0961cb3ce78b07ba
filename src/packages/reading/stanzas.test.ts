import { describe, expect, it } from "vitest";
import { listedPaths, readStanzas, relationNames } from "./stanzas.ts";

const read = (text: string): unknown[] =>
  [...readStanzas(text, new Set(["package", "depends"]))].map((stanza) => Object.fromEntries(stanza));

describe("control files", () => {
  it.each([
    ["Package: a\nOther: x\n\nPackage: b", [{ package: "a" }, { package: "b" }]],
    ["PACKAGE:a\r\n\r\n\n\nDepends: b,\n c\n\td\nOther: x\n y\n", [{ package: "a" }, { depends: "b,\nc\nd" }]],
    ["no colon\n: none\n continued\nPackage: a\n", [{ package: "a" }]],
    ["", []],
  ])("%j holds %j", (text, stanzas) => {
    expect(read(text)).toEqual(stanzas);
  });

  it("relations name all alternatives once", () => {
    expect(relationNames("libc6 (>= 2.36), awk | mawk:any, libc6, , x [amd64] <!nocheck>")).toEqual([
      "libc6",
      "awk",
      "mawk",
      "x",
    ]);
  });
});

describe("lists of paths", () => {
  it.each([
    ["/.\n/usr\n/usr/bin\n/usr/bin/a\n/usr/bin-x\n/etc\n", ["usr/bin/a", "usr/bin-x", "etc"]],
    ["./usr/bin/a\n./x/\r\n//y\n", ["usr/bin/a", "x", "y"]],
    ["/.dockerenv\n/a", [".dockerenv", "a"]],
    ["\n\n/\n", []],
  ])("%j holds %j", (text, paths) => {
    expect(listedPaths(text)).toEqual(paths);
  });
});
