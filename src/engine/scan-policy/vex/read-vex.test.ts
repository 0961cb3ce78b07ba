import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentWith } from "../../../../test/support/scan-documents.ts";
import { applyScanPolicy } from "../apply-scan-policy.ts";
import { defaultScanPolicy } from "../scan-policy.ts";
import { readVex } from "./read-vex.ts";
import type { VexStatus } from "./statement.ts";

interface Judgement {
  readonly id: string;
  readonly purl: string;
  readonly status: VexStatus;
}

const openssl = "pkg:deb/debian/openssl@3.0.1?arch=amd64&distro=debian-12";
const lodash = "pkg:npm/lodash@4.17.20";
const image = "pkg:oci/app@sha256%3A" + "a".repeat(64) + "?repository_url=registry.example%2Fteam%2Fapp";
const example = documentWith([
  { id: "CVE-2024-1", purl: openssl },
  { id: "CVE-2024-2", purl: openssl },
  { id: "CVE-2024-1", purl: lodash },
]);
const heldBack = (document: unknown, from = example): readonly string[] => {
  const statements = readVex({ path: "vex.json", text: JSON.stringify(document) });
  const { suppressed } = applyScanPolicy(from, { ...defaultScanPolicy, statements });
  return suppressed.map(({ id, name, suppression: { reason, by, why } }) => `${id} ${name} ${reason} ${by} ${why}`);
};

const openVex = (statements: readonly object[]): object => ({
  "@context": "https://openvex.dev/ns/v0.2.0",
  "@id": "https://example.com/vex/1",
  author: "somebody",
  timestamp: "2026-01-01T00:00:00Z",
  version: 1,
  statements,
});
const asOpenVex = (all: readonly Judgement[]): object =>
  openVex(all.map(({ id, purl, status }) => ({ vulnerability: { name: id }, products: [{ "@id": purl }], status })));
const cycloneStates = {
  not_affected: "not_affected",
  affected: "exploitable",
  fixed: "resolved",
  under_investigation: "in_triage",
};
const asCycloneDx = (all: readonly Judgement[]): object => ({
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  components: [...new Set(all.map(({ purl }) => purl))].map((purl, index) => ({ "bom-ref": `c${index}`, purl })),
  vulnerabilities: all.map(({ id, purl, status }) => ({
    id,
    analysis: { state: cycloneStates[status] },
    affects: [{ ref: `c${[...new Set(all.map((one) => one.purl))].indexOf(purl)}` }],
  })),
});
const csafKeys = {
  not_affected: "known_not_affected",
  affected: "known_affected",
  fixed: "fixed",
  under_investigation: "under_investigation",
};
const asCsaf = (all: readonly Judgement[]): object => {
  const purls = [...new Set(all.map(({ purl }) => purl))];
  const product = (purl: string, index: number): object => ({
    category: "product_version",
    name: purl,
    product: { product_id: `P${index}`, name: purl, product_identification_helper: { purl } },
  });
  return {
    document: { category: "csaf_vex", csaf_version: "2.0", tracking: { current_release_date: "2026-01-01T00:00:00Z" } },
    product_tree: { branches: [{ category: "vendor", name: "v", branches: purls.map(product) }] },
    vulnerabilities: all.map(({ id, purl, status }) => ({
      cve: id,
      product_status: { [csafKeys[status]]: [`P${purls.indexOf(purl)}`] },
    })),
  };
};

describe("VEX documents", () => {
  it("of all three kinds hold back the same when they say the same: what is not affected or fixed", () => {
    const judgement = fc.record({
      id: fc.constantFrom("CVE-2024-1", "CVE-2024-2", "CVE-2024-3"),
      purl: fc.constantFrom(
        openssl,
        lodash,
        "pkg:deb/debian/openssl@3.0.2",
        "pkg:npm/lodash",
        "pkg:deb/debian/openssl",
      ),
      status: fc.constantFrom<VexStatus>("not_affected", "affected", "fixed", "under_investigation"),
    });
    const named = (purl: string, asked: string): boolean =>
      asked === purl || asked === purl.replace(/@.*/, "") || asked === purl.replace(/\?.*/, "");
    fc.assert(
      fc.property(fc.uniqueArray(judgement, { maxLength: 8, selector: ({ id, purl }) => `${id} ${purl}` }), (all) => {
        const expected = example.matches.flatMap(({ id, purl, name }) => {
          const last = all.filter((one) => one.id === id && named(purl, one.purl)).at(-1)?.status;
          return last === "not_affected" || last === "fixed" ? [`${id} ${name}`] : [];
        });
        for (const write of [asOpenVex, asCycloneDx, asCsaf])
          if (all.length > 0)
            expect(
              heldBack(write(all))
                .map((text) => text.split(" ").slice(0, 2).join(" "))
                .sort(),
              write.name,
            ).toEqual(expected.sort());
      }),
    );
  });

  it("carry their reasons", () => {
    const openvex = openVex([
      {
        vulnerability: { "@id": "https://nvd.example/CVE-2024-2", aliases: ["X-1"] },
        products: [{ identifiers: { purl: openssl } }],
        status: "not_affected",
        justification: "vulnerable_code_not_present",
        impact_statement: "built without it",
      },
    ]);
    expect(heldBack(openvex)).toEqual([
      "CVE-2024-2 openssl vex vex.json vulnerable_code_not_present: built without it",
    ]);
    const csaf = asCsaf([{ id: "CVE-2024-2", purl: openssl, status: "not_affected" }]) as {
      vulnerabilities: Record<string, unknown>[];
    };
    csaf.vulnerabilities[0]!["flags"] = [{ label: "component_not_present", product_ids: ["P0"] }];
    expect(heldBack(csaf)).toEqual(["CVE-2024-2 openssl vex vex.json component_not_present"]);
  });

  it("about an image hold for the parts they name, or for all of it; about another image for nothing", () => {
    const about = (product: object, status = "fixed"): readonly string[] =>
      heldBack(openVex([{ vulnerability: { name: "CVE-2024-1" }, products: [product], status }])).map(
        (text) => text.split(" ")[1] ?? "",
      );
    expect(about({ "@id": image })).toEqual(["openssl", "lodash"]);
    expect(about({ "@id": image, subcomponents: [{ "@id": "pkg:npm/lodash" }] })).toEqual(["lodash"]);
    expect(about({ "@id": image, subcomponents: [{ "@id": "not a purl" }] })).toEqual([]);
    expect(about({ "@id": "pkg:oci/app" })).toEqual(["openssl", "lodash"]);
    expect(about({ "@id": "pkg:docker/team/app@1.2?repository_url=registry.example" })).toHaveLength(2);
    for (const other of [
      "pkg:oci/other",
      `pkg:oci/app@sha256%3A${"b".repeat(64)}`,
      "pkg:oci/app?repository_url=registry.example%2Fother%2Fapp",
      "pkg:oci/app?tag=2.0",
      "pkg:docker/team/app@2.0",
    ])
      expect(about({ "@id": other }), other).toEqual([]);
  });

  it("the later of two statements holds, whatever the order they are read in", () => {
    const say = (status: string, timestamp: string): object => ({
      vulnerability: { name: "CVE-2024-2" },
      products: [{ "@id": openssl }],
      status,
      timestamp,
    });
    const [old, now] = [say("not_affected", "2026-01-01T00:00:00Z"), say("affected", "2026-02-01T00:00:00Z")];
    expect(heldBack(openVex([now, old]))).toEqual([]);
    expect(heldBack(openVex([old, now]))).toEqual([]);
    expect(heldBack(openVex([say("affected", "2025-01-01T00:00:00Z"), old]))).toHaveLength(1);
  });

  it("a component of a product counts for that product alone (CSAF relationships)", () => {
    const csaf = {
      document: { category: "csaf_vex", tracking: {} },
      product_tree: {
        full_product_names: [
          { product_id: "app", name: "app", product_identification_helper: { purl: image } },
          { product_id: "other", name: "other", product_identification_helper: { cpe: "cpe:/a:x:y" } },
          { product_id: "lib", name: "lib", product_identification_helper: { purl: openssl } },
        ],
        relationships: ["app", "other"].map((whole) => ({
          category: "default_component_of",
          product_reference: "lib",
          relates_to_product_reference: whole,
          full_product_name: { product_id: `${whole}:lib`, name: "x" },
        })),
      },
      vulnerabilities: [
        { cve: "CVE-2024-1", product_status: { known_not_affected: ["app:lib"] } },
        { cve: "CVE-2024-2", product_status: { known_not_affected: ["other:lib"] } },
      ],
    };
    expect(heldBack(csaf).map((text) => text.split(" ").slice(0, 2).join(" "))).toEqual(["CVE-2024-1 openssl"]);
  });

  it("what is none is refused, and what is nested deeply or repeated endlessly does no harm", {
    timeout: 30_000,
  }, () => {
    for (const text of ["", "[]", "{}", "{", '{"statements":1}', "[".repeat(1e6)])
      expect(() => readVex({ path: "v", text })).toThrow(expect.objectContaining({ code: "config.invalid" }));
    const deep = `{"document":{},"vulnerabilities":[],"product_tree":${'{"branches":['.repeat(5000)}${"]}".repeat(5000)}}`;
    expect(readVex({ path: "v", text: deep })).toEqual([]);
    const many = openVex(
      Array.from({ length: 50_000 }, (_, i) => ({
        vulnerability: { name: "CVE-2024-1" },
        products: [{ "@id": `pkg:npm/x${i}` }],
        status: "fixed",
      })),
    );
    const begun = performance.now();
    expect(heldBack(many)).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it("of any shape whatsoever are read or refused", () => {
    const json = fc.jsonValue();
    fc.assert(
      fc.property(json, json, json, json, (a, b, c, d) => {
        for (const document of [
          openVex([{ vulnerability: a, products: [b, { "@id": c, subcomponents: d }], status: "fixed" }]),
          {
            bomFormat: "CycloneDX",
            components: a,
            metadata: b,
            vulnerabilities: [{ id: "X", analysis: c, affects: d }],
          },
          {
            document: a,
            product_tree: { branches: b, relationships: c },
            vulnerabilities: [{ cve: "X", product_status: d }],
          },
          { document: {}, product_tree: a, vulnerabilities: [b, c, d] },
        ])
          try {
            heldBack(document);
          } catch (error) {
            expect(error).toMatchObject({ name: "PlimsollError" });
          }
      }),
      { numRuns: 1000 },
    );
  });
});
