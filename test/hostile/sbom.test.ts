import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PlimsollError } from "../../src/core/index.ts";
import { type Sbom, readSbom } from "../../src/packages/index.ts";
import { cyclonedx, spdxJson } from "../../src/report/index.ts";
import { sampleScan } from "../support/scan-sample.ts";

const texts = [cyclonedx.render(sampleScan, {}), spdxJson.render(sampleScan, {})];

function readOrRefuse(text: string): Sbom | undefined {
  try {
    return readSbom(text, "bom.json");
  } catch (error) {
    expect(error).toBeInstanceOf(PlimsollError);
    return undefined;
  }
}

/** A generator of numbers below a bound, the same each run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const odd: readonly unknown[] = [
  null,
  true,
  -1,
  1e300,
  "",
  "\u0000",
  "pkg:",
  "pkg:npm/%",
  "__proto__",
  [],
  {},
  [[]],
  "x".repeat(5000),
];

/** Puts something else in the place of one value, anywhere. */
function mutated(value: unknown, next: (below: number) => number, rate: number): unknown {
  if (next(rate) === 0) return odd[next(odd.length)];
  if (Array.isArray(value)) return value.map((one) => mutated(one, next, rate));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mutated(one, next, rate)]));
}

describe("hostile bills of materials", () => {
  it("of any shape are read as far as they go, or refused", () => {
    const next = numbers(7);
    let read = 0;
    for (const text of texts) {
      const document: unknown = JSON.parse(text);
      for (let round = 0; round < 1_500; round++)
        if (readOrRefuse(JSON.stringify(mutated(document, next, 10 + next(300))))) read++;
    }
    expect(read).toBeGreaterThan(500);
  });
  it("cut or broken anywhere are refused", () => {
    const next = numbers(11);
    for (const text of texts)
      for (let round = 0; round < 300; round++) {
        const at = next(text.length);
        expect(readOrRefuse(text.slice(0, at))).toBeUndefined();
        readOrRefuse(text.slice(0, at) + String.fromCharCode(next(65_536)) + text.slice(at + 1));
      }
  });
  it("as deep or as wide as can be take no longer than they are", { timeout: 60_000 }, () => {
    const deep = 100_000;
    const nested = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":${'[{"type":"library","components":'.repeat(deep)}[]${"}]".repeat(deep)}}`;
    const wide = JSON.stringify({
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      components: Array.from({ length: 201_000 }, (_, index) => ({
        type: "library",
        "bom-ref": `${index}`,
        name: "a",
        version: `${index}`,
        purl: `pkg:npm/a@${index}`,
      })),
      dependencies: [{ ref: "1", dependsOn: Array.from({ length: 50_000 }, (_, index) => `${index}`) }],
    });
    const properties = JSON.stringify({
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      components: [
        {
          type: "library",
          name: "a",
          version: "1",
          purl: `pkg:deb/debian/a@1?distro=${"a-1".repeat(5000)}`,
          properties: Array.from({ length: 200_000 }, () => ({ name: "plimsoll:owner", value: "x" })),
        },
      ],
    });
    const same = JSON.stringify({
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      components: Array.from({ length: 50_000 }, (_, index) => ({
        type: "library",
        purl: "pkg:npm/a@1",
        evidence: { occurrences: [{ location: `f${index}` }] },
      })),
    });
    const start = process.cpuUsage();
    readOrRefuse(nested);
    expect(readOrRefuse(same)?.packages.length).toBe(1);
    const read = readOrRefuse(wide);
    expect(read?.packages.length).toBe(200_000);
    expect(read?.gaps).toContainEqual({
      subject: "bill of materials",
      reason: "1000 entries are more than what is read",
    });
    readOrRefuse(properties);
    // Seconds of the processor: what else runs on the machine does not count.
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(15);
  });
  it("bring no name into a report that no package manager takes", () => {
    const names = ["a\u001b[2J", "a b", "a\nb", "a\u202eb"];
    const components = names.flatMap((name) => [
      {
        type: "library",
        name: "a",
        version: "1",
        purl: "pkg:npm/a@1",
        properties: [{ name: "plimsoll:name", value: name }],
      },
      { type: "library", name: "a", version: name, purl: `pkg:npm/a@${encodeURIComponent(name)}` },
    ]);
    const sbom = readOrRefuse(JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", components }));
    expect(sbom?.packages).toEqual([]);
    expect(sbom?.gaps.length).toBe(1);
  });
  it("do not become what they are not: a directory's package.json is no bill", () => {
    expect(readOrRefuse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))).toBeUndefined();
  });
});
