import { fingerprint } from "../../core/index.ts";
import { compareText } from "../compare-text.ts";
import { escapeLine } from "../escape.ts";
import type { ScannedPackage } from "../scan-document.ts";
import type { ScanRenderOptions } from "../scan-reporter.ts";
import { type BillSubject, billUuid, momentOf } from "../scan-sbom/bill.ts";
import { packageProperties, type Property, releaseProperties, targetProperties } from "../scan-sbom/carried.ts";
import { dependenciesOf } from "../scan-sbom/dependencies.ts";
import { licenseExpression } from "../scan-sbom/license-expression.ts";

const root = "SPDXRef-Target";
const system = "SPDXRef-OperatingSystem";
const unsaid = "NOASSERTION";

/** SPDX 2.3 as JSON: what is installed. What it has no field for stands in an annotation of each package, as JSON. */
export const spdxJson = {
  id: "spdx-json",
  summary: "bill of materials, SPDX 2.3 JSON",
  render(subject: BillSubject, { timestamp }: Pick<ScanRenderOptions, "timestamp">): string {
    const { tool, target, release, packages } = subject;
    const created = momentOf(subject, timestamp) ?? "1970-01-01T00:00:00Z";
    const creator = `Tool: ${tool.name}-${tool.version}`;
    const others = new Map<string, string>();
    const note = (properties: readonly Property[]): object =>
      properties.length === 0
        ? {}
        : {
            annotations: [
              { annotationDate: created, annotationType: "OTHER", annotator: creator, comment: commentOf(properties) },
            ],
          };
    const document = {
      spdxVersion: "SPDX-2.3",
      dataLicense: "CC0-1.0",
      SPDXID: "SPDXRef-DOCUMENT",
      name: escapeLine(target.reference),
      documentNamespace: `https://github.com/plimsoll/plimsoll/spdx/${billUuid(subject, "spdx-json")}`,
      creationInfo: { created, creators: [creator] },
      packages: [
        {
          ...packageFrame(root, target.reference, target.digest ?? ""),
          licenseDeclared: unsaid,
          primaryPackagePurpose: target.kind === "directory" ? "APPLICATION" : "CONTAINER",
          ...note(targetProperties(subject)),
        },
        ...(release
          ? [
              {
                ...packageFrame(system, release.id ?? release.family, release.version ?? release.release),
                licenseDeclared: unsaid,
                description: escapeLine(release.name),
                primaryPackagePurpose: "OPERATING_SYSTEM",
                ...note(releaseProperties(release)),
              },
            ]
          : []),
        ...packages.map((one) => ({
          ...packageFrame(idOf(one.purl), one.name, one.version),
          ...(one.vendor === undefined ? {} : { supplier: supplierOf(one.vendor) }),
          ...(one.files[0] === undefined ? {} : { sourceInfo: `found in ${escapeLine(one.files[0])}` }),
          licenseDeclared: declared(one.licenses, others),
          externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: one.purl }],
          primaryPackagePurpose: one.type === "generic" ? "APPLICATION" : "LIBRARY",
          ...note([
            ...packageProperties(one),
            ...one.files.map((value) => ({ name: "plimsoll:file", value })),
            ...one.licenses.map((value) => ({ name: "plimsoll:license", value })),
          ]),
        })),
      ],
      relationships: relationshipsOf(packages, release !== undefined),
      ...(others.size > 0
        ? {
            hasExtractedLicensingInfos: [...others]
              .sort(([a], [b]) => compareText(a, b))
              .map(([licenseId, extractedText]) => ({
                licenseId,
                extractedText,
                name: extractedText,
              })),
          }
        : {}),
    };
    return `${JSON.stringify(document, null, 2)}\n`;
  },
};

function packageFrame(SPDXID: string, name: string, version: string): object {
  return {
    SPDXID,
    name: escapeLine(name),
    ...(version === "" ? {} : { versionInfo: escapeLine(version) }),
    downloadLocation: unsaid,
    filesAnalyzed: false,
    licenseConcluded: unsaid,
    copyrightText: unsaid,
  };
}

/** "Letters, digits, . and -" (SPDX 2.3, 7.2). */
function idOf(purl: string): string {
  const shown = purl
    .replace(/^pkg:/, "")
    .replace(/[?#].*$/s, "")
    .replace(/[^A-Za-z0-9.-]+/g, "-")
    .slice(0, 80);
  return `SPDXRef-Package-${shown}-${fingerprint(purl)}`;
}

function relationshipsOf(packages: readonly ScannedPackage[], hasSystem: boolean): readonly object[] {
  const relate = (from: string, relationshipType: string, to: string): object => ({
    spdxElementId: from,
    relationshipType,
    relatedSpdxElement: to,
  });
  return [
    relate("SPDXRef-DOCUMENT", "DESCRIBES", root),
    ...(hasSystem ? [relate(root, "CONTAINS", system)] : []),
    ...packages.map(({ purl }) => relate(root, "CONTAINS", idOf(purl))),
    ...[...dependenciesOf(packages)].flatMap(([purl, needs]) =>
      needs.map((need) => relate(idOf(purl), "DEPENDS_ON", idOf(need))),
    ),
  ];
}

/** "Person: name (email)" where an address is said, else an organisation (SPDX 2.3, 7.5). */
function supplierOf(vendor: string): string {
  const shown = escapeLine(vendor).replaceAll(/[()]/g, " ").replaceAll(/\s+/g, " ").trim();
  const [, name = "", address = ""] = /^([^<>]{1,200})<([^<>\s]{1,200}@[^<>\s]{1,200})>$/.exec(shown) ?? [];
  if (address !== "") return `Person: ${name.trim() || address} (${address})`;
  return shown === "" ? unsaid : `Organization: ${shown}`;
}

/** All licences hold; a text that is no expression of the list's ids is quoted in the document and referred to. */
function declared(licenses: readonly string[], others: Map<string, string>): string {
  const terms = licenses.map((text) => {
    const expression = licenseExpression(text);
    if (expression !== undefined)
      return licenses.length > 1 && /\s(?:OR|AND)\s/.test(expression) ? `(${expression})` : expression;
    const reference = `LicenseRef-${fingerprint(text)}`;
    others.set(reference, escapeLine(text));
    return reference;
  });
  return terms.length === 0 ? unsaid : [...new Set(terms)].join(" AND ");
}

function commentOf(properties: readonly Property[]): string {
  return JSON.stringify(properties.map(({ name, value }) => [name, value]));
}
