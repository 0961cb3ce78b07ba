import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { scanReporters, type ScanDocument } from "../../src/report/index.ts";
import { readSbom } from "../../src/packages/index.ts";
import { cyclonedxSchema, spdxSchema } from "../support/bom-schemas.ts";
import { publishedSchema } from "../support/sarif-schema.ts";
import { hostileScan, sampleScan } from "../support/scan-sample.ts";

const options = { color: false, width: 110, quiet: false, showSuppressed: true };

function rendered(id: string, document: ScanDocument, more: object = {}): string {
  const reporter = scanReporters.find((one) => one.id === id);
  if (!reporter) throw new Error(`there is no ${id}`);
  return reporter.render(document, { ...options, ...more });
}

/** What texts from outside may hold: each tries to break out of one format or another. */
const evils = [
  "\u001b[2J\u001b]0;owned\u0007",
  "\n::error file=x::owned\n",
  "\r\n| a | b |\r\n# heading\n<script>alert(1)</script>",
  "`` ` ``` | \\| [x](javascript:alert(1)) <img src=x onerror=y> @everyone",
  "]]></failure><testcase name=\"x\"/>&lt;\"'\u0000\u0008\ufffe",
  "\ud800half\udc00 \u202e\u2066bidi\u200b",
  "%0A::warning::x%0D,:%25",
  '"}],"x":[{"',
  "javascript:alert(1)//",
];

describe("the formats of a scan", () => {
  for (const { id } of scanReporters)
    it(`${id} is what it was: UPDATE_GOLDEN=1 writes it anew`, () => {
      const extension = { text: "txt", github: "txt", markdown: "md", junit: "xml" }[id] ?? "json";
      const file = new URL(`scan/${id}.${extension}`, import.meta.url);
      const said = rendered(id, sampleScan);
      if (process.env["UPDATE_GOLDEN"]) writeFileSync(file, said);
      expect(existsSync(file)).toBe(true);
      expect(said).toBe(readFileSync(file, "utf8"));
      expect(rendered(id, structuredClone(sampleScan))).toBe(said);
    });

  it("are sorted by id, and each says what it is for", () => {
    const ids = scanReporters.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    expect(scanReporters.every(({ summary }) => summary.length > 5)).toBe(true);
  });

  it("are all offered by the command line", () => {
    const program = readFileSync(new URL("../../src/apps/cli/image-program.ts", import.meta.url), "utf8");
    const offered = /const scanFormats = \[([^\]]*)\]/.exec(program)?.[1] ?? "";
    expect([...offered.matchAll(/"([^"]+)"/g)].map(([, id = ""]) => id).sort()).toEqual(
      scanReporters.map(({ id }) => id),
    );
  });
});

describe("the formats with a schema", () => {
  const cyclonedx = cyclonedxSchema();
  const spdx = spdxSchema();
  const sarif = publishedSchema();
  const gitlab = new Ajv({ strict: false, formats: { uri: /^https?:\/\/\S+$/ } }).compile(gitlabSchema());
  const bare: ScanDocument = {
    ...sampleScan,
    target: { kind: "directory", reference: "", layers: [] },
    packages: [],
    matches: [],
    suppressed: [],
    gaps: [],
  };
  const rated = (vector: string): ScanDocument => ({
    ...sampleScan,
    matches: sampleScan.matches.map((match) => ({
      ...match,
      severity: { severity: "high", source: "nvd", by: "vector", vector },
    })),
  });
  const vectors = [
    "AV:N/AC:L/Au:N/C:P/I:P/A:P",
    "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/RC:C",
    "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
  ];
  const documents = [sampleScan, bare, ...vectors.map(rated), ...evils.map(hostileScan)];
  const validators = { cyclonedx, "cyclonedx-vex": cyclonedx, "spdx-json": spdx, sarif, gitlab };
  for (const [id, validate] of Object.entries(validators))
    it(`${id} is valid, whatever the image says`, () => {
      for (const document of documents) {
        const log: unknown = JSON.parse(rendered(id, document, { timestamp: "2026-01-02T03:04:05.000Z" }));
        expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
      }
    });

  it("would be refused with anything missing", () => {
    const without = (id: string, name: string): object =>
      Object.fromEntries(
        Object.entries(JSON.parse(rendered(id, sampleScan)) as object).filter(([key]) => key !== name),
      );
    expect(cyclonedx(without("cyclonedx", "bomFormat"))).toBe(false);
    expect(spdx(without("spdx-json", "creationInfo"))).toBe(false);
    expect(gitlab(without("gitlab", "scan"))).toBe(false);
  });

  it("refer to nothing that is not there", () => {
    for (const id of ["cyclonedx", "cyclonedx-vex"]) {
      const bill = JSON.parse(rendered(id, sampleScan)) as {
        metadata: { component: { "bom-ref": string } };
        components: { "bom-ref": string }[];
        dependencies?: { ref: string; dependsOn?: string[] }[];
        vulnerabilities?: { "bom-ref": string; affects: { ref: string }[] }[];
      };
      const refs = [bill.metadata.component, ...bill.components, ...(bill.vulnerabilities ?? [])].map((one) => one["bom-ref"]);
      expect(new Set(refs).size).toBe(refs.length);
      const used = [
        ...(bill.dependencies ?? []).flatMap(({ ref, dependsOn = [] }) => [ref, ...dependsOn]),
        ...(bill.vulnerabilities ?? []).flatMap(({ affects }) => affects.map(({ ref }) => ref)),
      ];
      expect(used.filter((ref) => !refs.includes(ref))).toEqual([]);
    }
    const document = JSON.parse(rendered("spdx-json", sampleScan)) as {
      packages: { SPDXID: string }[];
      relationships: { spdxElementId: string; relatedSpdxElement: string }[];
    };
    const ids = ["SPDXRef-DOCUMENT", ...document.packages.map(({ SPDXID }) => SPDXID)];
    expect(new Set(ids).size).toBe(ids.length);
    const used = document.relationships.flatMap((one) => [one.spdxElementId, one.relatedSpdxElement]);
    expect(used.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("come back as they went: what a bill of materials says of a package is what was known of it", () => {
    for (const id of ["cyclonedx", "spdx-json"]) {
      const sbom = readSbom(rendered(id, sampleScan), id);
      const known = sampleScan.packages.map(({ origin: _origin, ...one }) => one);
      expect(sbom.packages).toEqual(known);
      expect(sbom.gaps).toEqual(sampleScan.gaps);
      expect(sbom.name).toBe(sampleScan.target.reference);
      expect(sbom.layers.map(({ diffId }) => diffId)).toEqual(sampleScan.target.layers);
      expect(sbom.release?.ecosystems).toEqual(["Debian:12"]);
    }
  });

  it("are the same at any moment but for the moment they are told", () => {
    for (const id of ["cyclonedx", "spdx-json", "gitlab"]) {
      const [one, other] = ["2026-01-02T03:04:05Z", "2025-01-02T03:04:05Z"].map((timestamp) => rendered(id, sampleScan, { timestamp }));
      expect(one).not.toBe(other);
      expect(one?.replaceAll("2026-01-02T03:04:05", "x")).toBe(other?.replaceAll("2025-01-02T03:04:05", "x"));
    }
  });
});

describe("texts from outside", () => {
  it("drive no terminal and start no line of their own in formats for people", () => {
    for (const evil of evils)
      for (const id of ["text", "markdown", "github", "junit"]) {
        const said = rendered(id, hostileScan(evil));
        // oxlint-disable-next-line no-control-regex
        expect(said, id).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069](?<!@\u200b)/);
      }
  });
  it("are one workflow command each, whatever they hold", () => {
    const plain = rendered("github", hostileScan("")).trimEnd().split("\n");
    for (const evil of evils) {
      const lines = rendered("github", hostileScan(evil)).trimEnd().split("\n");
      expect(lines.length).toBe(plain.length);
      for (const line of lines) expect(line).toMatch(/^::(?:error|warning|notice) (?:[a-zA-Z]+=[^:,]*,?)+::/);
    }
  });
  it("open no element of JUnit's XML", () => {
    for (const evil of evils) {
      const text = rendered("junit", hostileScan(evil));
      const [tags, plain] = [text, rendered("junit", hostileScan(""))].map((xml) => [...xml.matchAll(/<\/?([a-z]+)/g)].map((match) => match[1]));
      expect(tags).toEqual(plain);
      expect(text.replaceAll(/&(?:amp|lt|gt|quot|#9);/g, "")).not.toContain("&");
      // oxlint-disable-next-line no-control-regex
      expect(text).not.toMatch(/\p{Surrogate}|[\ufffe\uffff\u0000-\u0008]/u);
    }
  });
  it("open no cell, link or element of Markdown", () => {
    const plain = rendered("markdown", hostileScan(""));
    for (const evil of evils) {
      const text = rendered("markdown", hostileScan(evil));
      expect(text.split("\n").length).toBe(plain.split("\n").length);
      const outside = text.replaceAll(/(`+)[^`](?:.*?[^`])?\1(?!`)/g, "code");
      expect(outside).not.toMatch(/<[a-z/!]/i);
      expect(outside).not.toMatch(/\]\((?!https:\/\/(?:nvd\.nist\.gov|github\.com\/advisories)\/)/);
      for (const line of text.split("\n").filter((one) => one.startsWith("| ")))
        expect(line.replaceAll("\\|", "").split("|").length).toBe(8);
    }
  });
  it("keep a comment within bounds however many there are", () => {
    const [match] = sampleScan.matches;
    if (!match) throw new Error("the sample has no match");
    const matches = Array.from({ length: 20_000 }, (_, index) => ({ ...match, id: `CVE-2024-${index}`, fixedIn: "9".repeat(900) }));
    const said = rendered("markdown", { ...sampleScan, matches });
    expect(said.length).toBeLessThan(65_536);
    expect(said).toContain("… and 19");
  });
});

/**
 * What GitLab's container scanning format, version 15.0.7, demands of what Plimsoll writes, in our words: every property typed, none
 * besides. Its own schema allows more and nothing less.
 */
function gitlabSchema(): object {
  const text = { type: "string", minLength: 1 };
  const object = (properties: Record<string, object>, required = Object.keys(properties)): object => ({
    type: "object",
    properties,
    required,
    additionalProperties: false,
  });
  const moment = { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d$" };
  const program = object({ id: text, name: text, url: { type: "string", format: "uri" }, version: text, vendor: object({ name: text }) });
  const detail = object({ type: { const: "text" }, name: text, value: { type: "string" } });
  return object({
    version: { const: "15.0.7" },
    scan: object(
      {
        analyzer: program,
        scanner: program,
        type: { const: "container_scanning" },
        start_time: moment,
        end_time: moment,
        status: { enum: ["success", "failure"] },
        messages: { type: "array", items: object({ level: { enum: ["info", "warn", "fatal"] }, value: text }) },
      },
      ["analyzer", "scanner", "type", "start_time", "end_time", "status"],
    ),
    vulnerabilities: {
      type: "array",
      items: object(
        {
          id: { type: "string", pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" },
          name: { type: "string", maxLength: 255 },
          description: { type: "string", maxLength: 1_048_576 },
          severity: { enum: ["Info", "Unknown", "Low", "Medium", "High", "Critical"] },
          solution: { type: "string", maxLength: 7000 },
          identifiers: {
            type: "array",
            minItems: 1,
            maxItems: 20,
            items: object({ type: text, name: text, value: text, url: { type: "string", format: "uri" } }, ["type", "name", "value"]),
          },
          links: { type: "array", items: object({ url: { type: "string", format: "uri" } }) },
          cvss_vectors: {
            type: "array",
            minItems: 1,
            maxItems: 10,
            items: object({ vendor: text, vector: { type: "string", pattern: "^CVSS:3[.][01]/", minLength: 32, maxLength: 128 } }),
          },
          location: object({
            dependency: object({ package: object({ name: text }), version: { type: "string" } }),
            operating_system: { ...text, maxLength: 255 },
            image: text,
          }),
          details: object({ package: detail, file: detail, line: detail }, ["package"]),
        },
        ["id", "identifiers", "location"],
      ),
    },
    remediations: { type: "array" },
  });
}
