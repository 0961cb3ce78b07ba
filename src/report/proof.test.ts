import { describe, expect, it } from "vitest";
import { renderOpenVex } from "./openvex.ts";
import type { ProofDocument, ProvedSide } from "./proof.ts";
import { renderProofMarkdown } from "./proof-markdown.ts";
import { renderProof } from "./proof-text.ts";

const side: ProvedSide = {
  digest: `sha256:${"ab".repeat(32)}`,
  bytes: 200_000_000,
  storedBytes: 80_000_000,
  layers: 9,
  files: 4000,
  packages: 120,
  advisories: { critical: 1, high: 2, medium: 0, low: 0, info: 0, unknown: 0 },
  user: "",
  secrets: 1,
};
const hostile = "evil\u001b[31m | </details> `@all` \u202e";
const document: ProofDocument = {
  schemaVersion: 1,
  tool: { name: "plimsoll", version: "1.2.3" },
  target: "Dockerfile",
  verdict: "proved",
  conditions: {
    builder: "docker-buildkit",
    network: "default",
    platform: "linux/amd64",
    buildArguments: ["TOKEN"],
    smoke: "command",
    failOn: "medium",
    trials: 3,
  },
  checks: [{ gate: "builds", ok: true, detail: "both build" }],
  before: side,
  after: {
    ...side,
    digest: `sha256:${"cd".repeat(32)}`,
    bytes: 50_000_000,
    user: "10001",
    secrets: 0,
    advisories: { critical: 0, high: 2, medium: 0, low: 0, info: 0, unknown: 0 },
  },
  findings: { before: 5, after: 1 },
  kept: [{ id: "a-1", rule: "a", title: hostile, safety: "likely" }],
  rejected: [{ id: "b-1", rule: "b", title: "Do harm", safety: "likely", reason: `smoke: ${hostile}` }],
  fixed: [
    { id: "CVE-2026-1", purl: "pkg:deb/debian/zlib@1", severity: "critical" },
    { id: "CVE-2026-1", purl: "pkg:deb/debian/zlib-dev@1", severity: "critical" },
  ],
  diff: "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,1 +1,1 @@\n-FROM a\n+FROM b ```\n",
  gaps: [],
};

describe("a proof as text", () => {
  it("has verdict, table, what was kept and what was rejected with its reason", () => {
    const text = renderProof(document, { color: false, quiet: false });
    expect(text).toContain("Dockerfile: proved");
    expect(text).toMatch(/size +200 MB → +50 MB +-150 MB \(-75\.0 %\)/);
    expect(text).toMatch(/advisories, critical +1 → +0/);
    expect(text).toMatch(/user +root → +10001/);
    expect(text).toContain("Do harm");
  });

  it("drives no terminal and breaks out of no table, code span or fence, whatever was read", () => {
    for (const rendered of [renderProof(document, { color: false, quiet: false }), renderProofMarkdown(document)]) {
      expect(rendered).not.toContain("\u001b");
      expect(rendered).not.toContain("\u202e");
    }
    const markdown = renderProofMarkdown(document);
    expect(markdown.match(/<\/details>/g)).toHaveLength(2);
    expect(markdown).toContain("````diff");
  });
});

describe("a proof as OpenVEX", () => {
  const options = { timestamp: "2026-11-24T00:00:00.000Z", author: "Someone" };
  it("says of the image after it, by its digest, which advisories are fixed in which packages", () => {
    const vex: unknown = JSON.parse(
      renderOpenVex(document, { ...options, repository: "registry.example/team/app" }) ?? "",
    );
    expect(vex).toMatchObject({
      "@context": "https://openvex.dev/ns/v0.2.0",
      author: "Someone",
      version: 1,
      statements: [
        {
          vulnerability: { name: "CVE-2026-1" },
          status: "fixed",
          products: [
            {
              hashes: { "sha-256": "cd".repeat(32) },
              subcomponents: [{ "@id": "pkg:deb/debian/zlib-dev@1" }, { "@id": "pkg:deb/debian/zlib@1" }],
            },
          ],
        },
      ],
    });
    expect(JSON.stringify(vex)).toContain(
      `pkg:oci/app@sha256%3A${"cd".repeat(32)}?repository_url=registry.example%2Fteam%2Fapp`,
    );
  });

  it("is not there where nothing was fixed or nothing was built", () => {
    expect(renderOpenVex({ ...document, fixed: [] }, options)).toBeUndefined();
    const { after: _after, ...unbuilt } = document;
    expect(renderOpenVex(unbuilt, options)).toBeUndefined();
  });
});
