import * as fc from "fast-check";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../../../test/support/outside.ts";
import { parseDockerfile } from "../../syntax/index.ts";
import { foreignDocument } from "./foreign-document.ts";
import { readScannerReport } from "./read-scanner-report.ts";
import { runScanner } from "./run-scanner.ts";

const layers = ["base", "packages", "app"].map((name) => `sha256:${Buffer.from(name).toString("hex").padEnd(64, "0")}`);
const config = {
  architecture: "amd64",
  os: "linux",
  history: [
    { created_by: "/bin/sh -c #(nop) ADD file:1 in / " },
    { created_by: '/bin/sh -c #(nop)  CMD ["bash"]', empty_layer: true },
    { created_by: "RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit" },
    { created_by: "COPY app /app # buildkit" },
  ],
  rootfs: { type: "layers", diff_ids: layers },
};
const curl = "pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12.5";
const lodash = "pkg:npm/lodash@4.17.20";

const trivy = {
  SchemaVersion: 2,
  CreatedAt: "2026-03-01T10:00:00Z",
  ArtifactName: "app:1.2",
  ArtifactType: "container_image",
  Metadata: {
    OS: { Family: "debian", Name: "12.5" },
    ImageID: `sha256:${"1".repeat(64)}`,
    DiffIDs: layers,
    RepoDigests: [`app@sha256:${"2".repeat(64)}`],
    ImageConfig: config,
  },
  Results: [
    {
      Target: "app:1.2 (debian 12.5)",
      Class: "os-pkgs",
      Type: "debian",
      Packages: [
        { Name: "curl", Identifier: { PURL: curl }, Version: "7.88.1", Release: "10", Layer: { DiffID: layers[1] } },
        { Name: "bash", Version: "5.2", Release: "1", Arch: "amd64", SrcName: "bash", Layer: { DiffID: layers[0] } },
      ],
      Vulnerabilities: [
        {
          VulnerabilityID: "CVE-2024-1",
          PkgName: "curl",
          PkgIdentifier: { PURL: curl },
          InstalledVersion: "7.88.1-10",
          FixedVersion: "7.88.1-11",
          Status: "fixed",
          Layer: { DiffID: layers[1] },
          SeveritySource: "debian",
          Severity: "HIGH",
          DataSource: { ID: "debian" },
          VendorSeverity: { debian: 3, nvd: 4 },
          CVSS: { nvd: { V3Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", V3Score: 9.8 } },
        },
      ],
      ExperimentalModifiedFindings: [
        {
          Type: "vulnerability",
          Status: "ignored",
          Statement: "judged",
          Source: ".trivyignore",
          Finding: { VulnerabilityID: "CVE-2024-9", PkgName: "bash", InstalledVersion: "5.2-1", Severity: "LOW" },
        },
      ],
    },
    {
      Target: "Node.js",
      Class: "lang-pkgs",
      Type: "node-pkg",
      Vulnerabilities: [
        {
          VulnerabilityID: "CVE-2021-23337",
          PkgName: "lodash",
          PkgPath: "app/node_modules/lodash/package.json",
          InstalledVersion: "4.17.20",
          Status: "will_not_fix",
          Severity: "UNKNOWN",
          Layer: { DiffID: layers[2] },
        },
      ],
    },
  ],
};
const grype = {
  matches: [
    {
      vulnerability: {
        id: "CVE-2024-1",
        namespace: "debian:distro:debian:12",
        severity: "High",
        fix: { versions: ["7.88.1-11"], state: "fixed" },
        epss: [{ cve: "CVE-2024-1", epss: 0.5, percentile: 0.9 }],
        knownExploited: [{ cve: "CVE-2024-1", dateAdded: "2024-02-03", knownRansomwareCampaignUse: "Known" }],
      },
      matchDetails: [{ found: { versionConstraint: "< 7.88.1-11 (deb)" } }],
      artifact: {
        name: "curl",
        version: "7.88.1-10",
        type: "deb",
        purl: curl,
        locations: [{ path: "/var/lib/dpkg/status", layerID: layers[1] }],
        upstreams: [{ name: "curl" }],
      },
    },
    {
      vulnerability: {
        id: "GHSA-35jh-r3h4-6jhm",
        namespace: "github:language:javascript",
        severity: "Unknown",
        fix: { state: "wont-fix" },
      },
      relatedVulnerabilities: [{ id: "CVE-2021-23337" }],
      artifact: {
        name: "lodash",
        version: "4.17.20",
        type: "npm",
        purl: lodash,
        locations: [{ path: "/app/node_modules/lodash/package.json", layerID: layers[2] }],
      },
    },
  ],
  ignoredMatches: [],
  source: {
    type: "image",
    target: {
      userInput: "app:1.2",
      manifestDigest: `sha256:${"2".repeat(64)}`,
      layers: layers.map((digest) => ({ digest })),
      config: Buffer.from(JSON.stringify(config)).toString("base64"),
      architecture: "amd64",
      os: "linux",
    },
  },
  distro: { name: "debian", version: "12" },
  descriptor: { name: "grype", version: "0.90.0", db: { status: { built: "2026-03-01T00:00:00Z" } } },
};
const dockerfile = parseDockerfile({
  path: "Dockerfile",
  text: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCOPY app /app\n",
});
const documentOf = (report: unknown, more: object = {}) =>
  foreignDocument(readScannerReport(JSON.stringify(report), "report.json", "2026-03-05"), {
    today: "2026-03-05",
    version: "0.0.0",
    ...more,
  });

describe.each([
  ["trivy", trivy],
  ["grype", grype],
] as const)("a report of %s", (scanner, report) => {
  it("is read as a scan, and gains the Dockerfile's lines", () => {
    const document = documentOf(report, { dockerfile });
    expect(document.target).toEqual({
      kind: "image",
      reference: "app:1.2",
      digest: `sha256:${"2".repeat(64)}`,
      platform: "linux/amd64",
      layers,
    });
    expect(document.store).toMatchObject({ kind: "scanner", asOf: "2026-03-01", ageDays: 4 });
    expect(document.store.revision).toContain(scanner);
    expect(document.release).toMatchObject({ family: "debian", release: "12", pastEnd: false });
    expect(
      document.matches.map(({ id, purl, level, state, fixedIn, layerIndex, origin }) => ({
        id,
        purl,
        level,
        state,
        fixedIn,
        layerIndex,
        line: origin?.kind === "instruction" ? origin.line : origin?.kind,
      })),
    ).toEqual([
      { id: "CVE-2024-1", purl: curl, level: "high", state: "fixed", fixedIn: "7.88.1-11", layerIndex: 1, line: 2 },
      {
        id: "CVE-2021-23337",
        purl: lodash,
        level: "unknown",
        state: "will-not-fix",
        fixedIn: undefined,
        layerIndex: 2,
        line: 3,
      },
    ]);
    expect(document.packages.find(({ purl }) => purl === lodash)?.files).toEqual([
      "app/node_modules/lodash/package.json",
    ]);
    expect(document.counts).toMatchObject({ high: 1, unknown: 1 });
  });

  it("without a Dockerfile still says what its history tells of the layers", () => {
    const origin = documentOf(report).matches[0]?.origin;
    expect(origin).toMatchObject({ kind: "unknown", createdBy: expect.stringContaining("apt-get") });
  });

  it("whose parts are anything at all is read without a fault", () => {
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]): void => {
      paths.push(path);
      if (typeof value === "object" && value !== null)
        for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
    };
    walk(report, []);
    fc.assert(
      fc.property(fc.constantFrom(...paths.filter((path) => path.length > 0)), fc.jsonValue(), (path, value) => {
        const copy = structuredClone(report) as Record<string, unknown>;
        const last = path.at(-1) ?? "";
        let parent: Record<string | number, unknown> = copy;
        for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
        parent[last] = value;
        try {
          const document = documentOf(copy, { dockerfile });
          expect(JSON.parse(JSON.stringify(document))).toEqual(document);
        } catch (error) {
          expect(error).toMatchObject({ code: "report.invalid" });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("reports", () => {
  it("carry what others have held back, and why", () => {
    expect(documentOf(trivy).suppressed).toMatchObject([
      { id: "CVE-2024-9", name: "bash", suppression: { reason: "ignored", by: ".trivyignore", why: "judged" } },
    ]);
    expect(documentOf(grype).matches[0]).toMatchObject({
      exploited: { since: "2024-02-03", byRansomware: true },
      epss: { probability: 0.5, percentile: 0.9 },
    });
  });

  it("of other kinds are refused", () => {
    for (const text of ["", "{}", "[]", "null", '{"SchemaVersion":1,"ArtifactType":"x"}', '{"matches":[]}'])
      expect(() => readScannerReport(text, "r", "2026-01-01")).toThrow(
        expect.objectContaining({ code: "report.invalid" }),
      );
  });
});

describe("another scanner that is installed", () => {
  it("is run without a shell, and what it prints is its report", async (context) => {
    const directory = scratchDirectory(context);
    const program = join(directory, "trivy");
    writeFileSync(program, '#!/bin/sh\nfor last; do :; done\nprintf \'{"said":"%s"}\' "$last"\n');
    chmodSync(program, 0o755);
    const env = { PATH: `${directory}:/usr/bin:/bin` };
    expect(await runScanner("trivy", "app:1; touch x", env)).toBe('{"said":"app:1; touch x"}');
    await expect(runScanner("trivy", "--config=x", env)).rejects.toMatchObject({ code: "usage.unknown-option" });
    await expect(runScanner("grype", "app:1", { PATH: directory })).rejects.toMatchObject({ code: "scanner.missing" });
    writeFileSync(program, "#!/bin/sh\nexit 5\n");
    await expect(runScanner("trivy", "app:1", env)).rejects.toMatchObject({ code: "scanner.failed" });
  });
});
