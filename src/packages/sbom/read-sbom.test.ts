import { describe, expect, it } from "vitest";
import { PlimsollError } from "../../core/index.ts";
import { readSbom } from "./read-sbom.ts";

function cyclonedx(components: readonly object[], more: object = {}): string {
  return JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.5", components, ...more });
}

function spdx(packages: readonly object[], more: object = {}): string {
  return JSON.stringify({ spdxVersion: "SPDX-2.3", SPDXID: "SPDXRef-DOCUMENT", name: "x", packages, ...more });
}

const property = (name: string, value: string): object => ({ name, value });

describe("bills of materials that others write", () => {
  it("are read by Trivy's properties", () => {
    const { packages, release, layers } = readSbom(
      cyclonedx(
        [
          { "bom-ref": "os", type: "operating-system", name: "debian", version: "12.5" },
          {
            "bom-ref": "1",
            type: "library",
            name: "bsdutils",
            version: "1:2.38.1-5+b1",
            purl: "pkg:deb/debian/bsdutils@2.38.1-5%2Bb1?arch=amd64&distro=debian-12.5&epoch=1",
            supplier: { name: "util-linux packagers <x@example.org>" },
            licenses: [{ license: { name: "GPL-2.0" } }, { license: { id: "MIT" } }],
            properties: [
              property("aquasecurity:trivy:SrcName", "util-linux"),
              property("aquasecurity:trivy:SrcVersion", "2.38.1"),
              property("aquasecurity:trivy:SrcRelease", "5"),
              property("aquasecurity:trivy:LayerDiffID", `sha256:${"2".repeat(64)}`),
            ],
          },
          {
            "bom-ref": "2",
            type: "library",
            group: "@babel",
            name: "core",
            version: "7.0.0",
            purl: "pkg:npm/%40babel/core@7.0.0",
            properties: [property("aquasecurity:trivy:FilePath", "app/node_modules/@babel/core/package.json")],
          },
          { "bom-ref": "3", type: "application", name: "Node.js" },
        ],
        {
          metadata: {
            component: {
              name: "app:1",
              type: "container",
              properties: [
                property("aquasecurity:trivy:DiffID", `sha256:${"1".repeat(64)}`),
                property("aquasecurity:trivy:DiffID", `sha256:${"2".repeat(64)}`),
              ],
            },
          },
        },
      ),
      "bom.json",
    );
    expect(layers.length).toBe(2);
    expect(release).toEqual({ id: "debian", version: "12.5" });
    expect(packages).toMatchObject([
      {
        name: "bsdutils",
        version: "1:2.38.1-5+b1",
        source: { name: "util-linux", version: "2.38.1-5" },
        arch: "amd64",
        vendor: "util-linux packagers <x@example.org>",
        licenses: ["GPL-2.0", "MIT"],
        layerIndex: 1,
      },
      { name: "@babel/core", version: "7.0.0", files: ["app/node_modules/@babel/core/package.json"] },
    ]);
  });

  it("are read by Syft's properties and qualifiers", () => {
    const { packages, release } = readSbom(
      cyclonedx([
        {
          type: "library",
          name: "libssl3",
          version: "3.0.1-1",
          purl: "pkg:deb/debian/libssl3@3.0.1-1?arch=amd64&distro=debian-12&upstream=openssl",
        },
        {
          type: "library",
          name: "bsdutils",
          version: "1:2.38-1",
          purl: "pkg:deb/debian/bsdutils@1:2.38-1?upstream=util-linux%402.38-1&distro=debian-12",
        },
        {
          type: "library",
          name: "nodejs-libs",
          version: "1:12.1-2.el8",
          purl: "pkg:rpm/rhel/nodejs-libs@12.1-2.el8?arch=x86_64&epoch=1&upstream=nodejs-12.1-2.el8.src.rpm&rpmmod=nodejs%3A12%3A8030",
          properties: [property("syft:location:0:path", "/var/lib/rpm/Packages")],
        },
        {
          type: "library",
          name: "musl-utils",
          version: "1.2.3-r4",
          purl: "pkg:apk/alpine/musl-utils@1.2.3-r4?distro=alpine-3.16.2",
          properties: [property("syft:metadata:originPackage", "musl")],
        },
        {
          type: "library",
          group: "org.example",
          name: "thing",
          version: "1.0",
          purl: "pkg:maven/org.example/thing@1.0",
        },
        { type: "file", name: "/etc/passwd" },
        { type: "operating-system", name: "Debian", version: "12", properties: [property("syft:distro:id", "debian")] },
      ]),
      "bom.json",
    );
    expect(release).toEqual({ id: "debian", version: "12" });
    expect(Object.fromEntries(packages.map(({ name, source }) => [name, source]))).toEqual({
      libssl3: { name: "openssl", version: "3.0.1-1" },
      bsdutils: { name: "util-linux", version: "2.38-1" },
      "nodejs-libs": { name: "nodejs", version: "1:12.1-2.el8" },
      "musl-utils": { name: "musl", version: "1.2.3-r4" },
      "org.example:thing": undefined,
    });
    const rpm = packages.find(({ type }) => type === "rpm");
    expect(rpm).toMatchObject({
      version: "1:12.1-2.el8",
      modularity: "nodejs:12:8030",
      files: ["var/lib/rpm/Packages"],
    });
  });

  it("are read from SPDX: purls, the source they were built from, licences that the document quotes, who needs whom", () => {
    const reference = (purl: string): object => ({
      externalRefs: [{ referenceCategory: "PACKAGE_MANAGER", referenceType: "purl", referenceLocator: purl }],
    });
    const { packages, release, gaps, name } = readSbom(
      spdx(
        [
          { SPDXID: "SPDXRef-Image", name: "app", primaryPackagePurpose: "CONTAINER" },
          {
            SPDXID: "SPDXRef-1",
            name: "curl",
            versionInfo: "7.88.1-10",
            sourceInfo: "built package from: curl-src 7.88.1-11",
            supplier: "Organization: Debian (x@example.org)",
            licenseDeclared: "LicenseRef-1",
            ...reference("pkg:deb/debian/curl@7.88.1-10?distro=debian-12"),
          },
          {
            SPDXID: "SPDXRef-2",
            name: "libc6",
            versionInfo: "2.36",
            licenseDeclared: "NOASSERTION",
            ...reference("pkg:deb/debian/libc6@2.36"),
          },
          { SPDXID: "SPDXRef-3", name: "mystery", versionInfo: "1" },
        ],
        {
          hasExtractedLicensingInfos: [{ licenseId: "LicenseRef-1", extractedText: "curl licence" }],
          relationships: [
            { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-Image" },
            { spdxElementId: "SPDXRef-1", relationshipType: "DEPENDS_ON", relatedSpdxElement: "SPDXRef-2" },
          ],
        },
      ),
      "app.spdx.json",
    );
    expect(name).toBe("app");
    expect(release).toEqual({ id: "debian", version: "12" });
    expect(packages).toMatchObject([
      {
        name: "curl",
        source: { name: "curl-src", version: "7.88.1-11" },
        vendor: "Debian <x@example.org>",
        licenses: ["curl licence"],
        requires: ["libc6"],
      },
      { name: "libc6", licenses: [], source: { name: "libc6", version: "2.36" } },
    ]);
    expect(gaps).toEqual([
      { subject: "bill of materials", reason: "1 of its entries name no package that can be looked up" },
    ]);
  });

  it("say what is no bill of materials, or of no version that is read", () => {
    for (const text of [
      "",
      "{",
      "[]",
      "{}",
      "null",
      cyclonedx([]).replace("1.5", "2.0"),
      spdx([]).replace("2.3", "3.0"),
    ]) {
      expect(() => readSbom(text, "x.json")).toThrow(PlimsollError);
    }
  });

  it("of every version have their packages, components within components too", () => {
    const one = { type: "library", name: "a", version: "1", purl: "pkg:npm/a@1" };
    for (const specVersion of ["1.2", "1.3", "1.4", "1.5", "1.6"])
      expect(
        readSbom(cyclonedx([{ type: "application", name: "x", components: [one] }], { specVersion }), "x").packages,
      ).toMatchObject([{ name: "a", version: "1", type: "npm" }]);
    const package2 = {
      name: "a",
      versionInfo: "1",
      externalRefs: [{ referenceType: "purl", referenceLocator: "pkg:npm/a@1" }],
    };
    for (const spdxVersion of ["SPDX-2.2", "SPDX-2.3"])
      expect(readSbom(spdx([package2], { spdxVersion }), "x").packages).toMatchObject([{ name: "a", version: "1" }]);
  });
});
