import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { RandomAccess } from "../../core/index.ts";
import { builtInSchemes } from "../schemes/list.ts";
import { jsonMembers } from "./json-members.ts";
import { builtInFeeds } from "./list.ts";
import { advisoryFromOsv } from "./osv-record.ts";

const view = (content: string | Uint8Array): RandomAccess => {
  const bytes = Buffer.from(content);
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
};

function read(id: string, path: string, content: string | Uint8Array, others: Readonly<Record<string, string>> = {}) {
  const feed = builtInFeeds.find((candidate) => candidate.id === id);
  expect(builtInFeeds.find((candidate) => candidate.reads(path))?.id).toBe(id);
  const scheme = (ecosystem: string) => builtInSchemes.find(({ ecosystems }) => ecosystems.includes(ecosystem));
  return [...(feed?.read(view(content), { path, text: (other) => others[other], scheme }) ?? [])];
}
const affectedOf = (items: ReturnType<typeof read>) =>
  items.flatMap((item) =>
    item.kind === "advisory" ? item.advisory.affected.map((one) => ({ id: item.advisory.id, ...one })) : [],
  );

describe("an OSV record", () => {
  const record = (affected: object, more: object = {}) =>
    advisoryFromOsv({ id: "GHSA-1", affected: [{ package: { ecosystem: "npm", name: "a" }, ...affected }], ...more });

  it("gives its ranges and listed versions; GIT ranges are skipped, not fatal", () => {
    const ranges = [
      { type: "GIT", events: [{ introduced: "abc" }] },
      { type: "SEMVER", events: [{ introduced: "0" }, { last_affected: "1.2.0" }] },
    ];
    expect(record({ ranges, versions: ["1.0.0"] })?.affected[0]).toMatchObject({
      ranges: [{ events: [{ introduced: "0" }, { lastAffected: "1.2.0" }] }],
      versions: ["1.0.0"],
    });
  });

  it("ends an open range where its database says it is known to end", () => {
    const ranges = [{ type: "SEMVER", events: [{ introduced: "0" }] }];
    const known = (text: string) =>
      record({
        ranges,
        database_specific: { last_known_affected_version_range: text },
      })?.affected[0]?.ranges[0]?.events.at(-1);
    expect(known("<= 1.2.3")).toEqual({ lastAffected: "1.2.3" });
    expect(known("< 2.0.0")).toEqual({ limit: "2.0.0" });
    expect(known("nonsense")).toEqual({ introduced: "0" });
  });

  it("that was rejected, or only tells that a crate is unmaintained, says so", () => {
    const versions = ["1.0.0"];
    expect(
      record({ versions }, { modified: "2024-01-02T00:00:00Z", details: "** REJECT ** a mistake" })?.withdrawn,
    ).toBe("2024-01-02");
    expect(record({ versions, database_specific: { informational: "unmaintained" } })?.affected[0]?.severities).toEqual(
      [{ source: "ghsa", severity: "info" }],
    );
  });

  it("says nothing without an id, a package, or a version", () => {
    expect(advisoryFromOsv(null)).toBeUndefined();
    expect(advisoryFromOsv({ id: "X", affected: [] })).toBeUndefined();
    expect(record({})).toBeUndefined();
  });

  it("keeps who states which severity, and the systems an import is limited to when all are", () => {
    const stated = record(
      {
        versions: ["1"],
        ecosystem_specific: {
          imports: [
            { path: "a", goos: ["windows"] },
            { path: "b", goos: ["plan9"] },
          ],
        },
      },
      { severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N" }], database_specific: { severity: "MODERATE" } },
    );
    expect(stated?.severities).toEqual([
      { source: "ghsa", severity: "medium" },
      { source: "ghsa", vector: "CVSS:3.1/AV:N" },
    ]);
    expect(stated?.affected[0]?.goos).toEqual(["plan9", "windows"]);
    expect(
      record({ versions: ["1"], ecosystem_specific: { imports: [{ goos: ["windows"] }, {}] } })?.affected[0]?.goos,
    ).toBeUndefined();
  });
});

describe("Debian's tracker", () => {
  const states = {
    "CVE-2024-1000": { status: "resolved", fixed_version: "0" },
    "CVE-2024-1001": {
      status: "resolved",
      fixed_version: "1.2-3",
      repositories: { bookworm: "1.2-1", "bookworm-security": "1.2-3" },
    },
    "CVE-2024-1002": { status: "resolved", fixed_version: "1.2-9", repositories: { bookworm: "1.2-1" } },
    "CVE-2024-1003": { status: "open", nodsa_reason: "ignored", urgency: "low" },
    "CVE-2024-1004": { status: "open", nodsa_reason: "postponed" },
    "CVE-2024-1005": { status: "open", urgency: "end-of-life" },
    "CVE-2024-1006": { status: "undetermined" },
    "TEMP-0000001-ABCDEF": { status: "open", urgency: "unimportant" },
  };
  const tracker = {
    pkg: Object.fromEntries(Object.entries(states).map(([id, state]) => [id, { releases: { bookworm: state } }])),
  };

  it("says of each id whether it is fixed, denied, unfixed and why; a fix no repository has is none", () => {
    const shown = affectedOf(read("debian-tracker", "debian-tracker/tracker.json", JSON.stringify(tracker))).map(
      ({ id, ecosystem, ranges, state, severities }) =>
        [id, ecosystem, JSON.stringify(ranges[0]?.events.at(-1) ?? null), state, severities?.[0]?.severity].join(" "),
    );
    expect(shown).toEqual([
      "DEBIAN-CVE-2024-1000 Debian:12 null not-affected ",
      'DEBIAN-CVE-2024-1001 Debian:12 {"fixed":"1.2-3"}  ',
      'DEBIAN-CVE-2024-1002 Debian:12 {"introduced":"0"} affected ',
      'DEBIAN-CVE-2024-1003 Debian:12 {"introduced":"0"} will-not-fix low',
      'DEBIAN-CVE-2024-1004 Debian:12 {"introduced":"0"} fix-deferred ',
      'DEBIAN-CVE-2024-1005 Debian:12 {"introduced":"0"} end-of-life ',
      'TEMP-0000001-ABCDEF Debian:12 {"introduced":"0"} affected low',
    ]);
  });

  it("is read member by member as it would be whole, wherever its pieces are cut", () => {
    const value = { a: { b: ['x"}{,', "\\"], c: {} }, d: [1, { e: null }], "f,": "}{", g: 1.5 };
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, 3)])
      expect(Object.fromEntries(jsonMembers(view(text), "x"))).toEqual(value);
    expect([...jsonMembers(view("{}"), "x")]).toEqual([]);
    expect(() => [...jsonMembers(view('{"a":1'), "x")]).toThrow(expect.objectContaining({ code: "feed.invalid" }));
  });
});

describe("the security databases of Alpine and Wolfi", () => {
  const secdb = JSON.stringify({
    packages: [
      {
        pkg: {
          name: "a",
          secfixes: {
            "1.2-r0": [
              "CVE-2024-1000 (+ regression fix)",
              "CVE_2024-1001",
              "XSA-1 CVE-2024-1002",
              "GHSA-aaaa-bbbb-cccc",
            ],
            "0": ["CVE-2024-1003"],
          },
        },
      },
    ],
  });

  it("name a fix for each id an entry holds, and deny those of version 0", () => {
    const items = affectedOf(read("alpine-secdb", "alpine-secdb/v3.20/main.json", secdb));
    expect(items.map(({ id, ecosystem, state }) => [id, ecosystem, state ?? "fixed"].join(" ")).sort()).toEqual([
      "ALPINE-CVE-2024-1000 Alpine:v3.20 fixed",
      "ALPINE-CVE-2024-1001 Alpine:v3.20 fixed",
      "ALPINE-CVE-2024-1002 Alpine:v3.20 fixed",
      "ALPINE-CVE-2024-1003 Alpine:v3.20 not-affected",
      "ALPINE-GHSA-aaaa-bbbb-cccc Alpine:v3.20 fixed",
    ]);
    expect(affectedOf(read("wolfi-secdb", "wolfi-secdb/security.json", secdb))[0]?.ecosystem).toBe("Wolfi");
  });
});

describe("tables of facts", () => {
  it("EPSS, gzipped or not", () => {
    const table =
      "#model_version:v2025.03.14,score_date:2025-08-01\ncve,epss,percentile\nCVE-2024-1000,0.00043,0.1\nnonsense\n";
    for (const content of [table, gzipSync(table)])
      expect(read("epss", "epss/epss_scores-current.csv.gz", content)).toEqual([
        {
          kind: "facts",
          id: "CVE-2024-1000",
          facts: { severities: [], epss: { probability: 0.00043, percentile: 0.1 } },
        },
      ]);
  });

  it("CVSS, with a vector or a score alone", () => {
    const table = "cve,vector,score,source\nCVE-2024-1000,CVSS:3.1/AV:N,9.8,nvd\nCVE-2024-1001,,7.5,rubysec-v3\n";
    expect(
      read("cvss", "severity/cvss.csv", table).map((item) =>
        item.kind === "facts" ? item.facts.severities[0] : undefined,
      ),
    ).toEqual([
      { source: "nvd", vector: "CVSS:3.1/AV:N" },
      { source: "rubysec", score: 7.5 },
    ]);
  });
});
