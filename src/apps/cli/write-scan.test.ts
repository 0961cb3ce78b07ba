import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PlimsollError } from "../../core/index.ts";
import { sampleScan } from "../../../test/support/scan-sample.ts";
import type { Terminal } from "./terminal.ts";
import { scanOutputs, writeScan } from "./write-scan.ts";

function recording(): { readonly terminal: Terminal; readonly out: string[]; readonly notes: string[] } {
  const out: string[] = [];
  const notes: string[] = [];
  const terminal: Terminal = {
    color: true,
    width: 100,
    out: (text) => out.push(text),
    note: (text) => notes.push(text),
    error: () => undefined,
    progress: () => undefined,
  };
  return { terminal, out, notes };
}

describe("writing a scan", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plimsoll-write-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("goes to standard output when nothing else is said, in colour", () => {
    const { terminal, out, notes } = recording();
    writeScan(sampleScan, { format: "text" }, terminal);
    expect(out.join("")).toContain("\u001b[");
    expect(notes).toEqual([]);
  });
  it("goes to several files at once, each in its format and without colour", () => {
    const { terminal, out, notes } = recording();
    const output = [`sarif=${folder}/a.sarif`, `cyclonedx=${folder}/b=c.json`, `${folder}/d.txt`];
    writeScan(sampleScan, { format: "text", output }, terminal);
    expect(out).toEqual([]);
    expect(JSON.parse(readFileSync(`${folder}/a.sarif`, "utf8"))).toMatchObject({ version: "2.1.0" });
    expect(JSON.parse(readFileSync(`${folder}/b=c.json`, "utf8"))).toMatchObject({ bomFormat: "CycloneDX" });
    expect(readFileSync(`${folder}/d.txt`, "utf8")).not.toContain("\u001b");
    expect(notes.length).toBe(3);
  });
  it("goes to a file and to standard output where - is one of several", () => {
    const { terminal, out } = recording();
    writeScan(sampleScan, { format: "text", quiet: true, output: ["text=-", `json=${folder}/x.json`] }, terminal);
    expect(out.length).toBe(1);
  });
  it("is refused before the work where a format does not exist or a file has no name", () => {
    expect(() => scanOutputs({ format: "xml" })).toThrow(PlimsollError);
    expect(() => scanOutputs({ format: "text", output: ["sarif="] })).toThrow(PlimsollError);
    expect(scanOutputs({ format: "text", output: ["a=b.txt"] })[0]).toMatchObject({ path: "a=b.txt" });
  });
});
