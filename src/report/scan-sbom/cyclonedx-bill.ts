import type { ScannedPackage } from "../scan-document.ts";
import { type BillSubject, billUuid, isOsPackage, momentOf } from "./bill.ts";
import { packageProperties, releaseProperties, targetProperties } from "./carried.ts";
import { dependenciesOf } from "./dependencies.ts";
import { isLicenseId, licenseExpression } from "./license-expression.ts";

/** The members every CycloneDX 1.6 document of Plimsoll's begins with (ECMA-424, sections 4 to 7). */
export function cyclonedxFrame(subject: BillSubject, kind: string, timestamp: string | undefined): object {
  const { tool, target } = subject;
  const moment = momentOf(subject, timestamp);
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${billUuid(subject, kind)}`,
    version: 1,
    metadata: {
      ...(moment === undefined ? {} : { timestamp: moment }),
      tools: { components: [{ type: "application", name: tool.name, version: tool.version }] },
      component: {
        "bom-ref": rootRef(subject),
        type: target.kind === "directory" ? "application" : "container",
        name: target.reference,
        ...(target.digest === undefined ? {} : { version: target.digest }),
        ...listed("properties", targetProperties(subject)),
      },
    },
  };
}

/** All that is installed, as components; a package's purl is its reference within the document. */
export function cyclonedxComponents({ release, packages }: BillSubject): readonly object[] {
  const system = release
    ? [
        {
          "bom-ref": systemRef,
          type: "operating-system",
          name: release.id ?? release.family,
          version: release.version ?? release.release,
          description: release.name,
          properties: releaseProperties(release),
        },
      ]
    : [];
  return [...system, ...packages.map(componentOf)];
}

/** What needs what, as far as it is known: the image holds the distribution, which holds its packages. */
export function cyclonedxDependencies(subject: BillSubject): readonly object[] {
  const { packages, release } = subject;
  const needs = dependenciesOf(packages);
  const ofSystem = release ? packages.filter(isOsPackage).map(({ purl }) => purl) : [];
  const inSystem = new Set(ofSystem);
  const rest = packages.filter(({ purl }) => !inSystem.has(purl)).map(({ purl }) => purl);
  return [
    { ref: rootRef(subject), dependsOn: [...(release ? [systemRef] : []), ...rest] },
    ...(release ? [{ ref: systemRef, dependsOn: ofSystem }] : []),
    ...packages.map(({ purl }) => ({ ref: purl, ...listed("dependsOn", needs.get(purl) ?? []) })),
  ];
}

const systemRef = "operating-system";

/** How the document refers to the image itself. */
export function rootRef({ target }: BillSubject): string {
  return `target:${target.digest ?? target.reference}`;
}

/** A package as a component. */
export function componentOf(one: ScannedPackage): object {
  const [group, name] = groupOf(one);
  return {
    "bom-ref": one.purl,
    type: one.type === "generic" ? "application" : "library",
    ...(one.vendor === undefined ? {} : { publisher: one.vendor }),
    ...(group === "" ? {} : { group }),
    name,
    version: one.version,
    ...listed("licenses", licensesOf(one.licenses)),
    purl: one.purl,
    ...(one.files.length > 0 ? { evidence: { occurrences: one.files.map((location) => ({ location })) } } : {}),
    ...listed("properties", packageProperties(one)),
  };
}

/** "@scope" and "name", "group" and "artifact", "vendor" and "name". */
function groupOf({ type, name }: ScannedPackage): [group: string, name: string] {
  const at = type === "maven" ? name.indexOf(":") : type === "npm" || type === "composer" ? name.lastIndexOf("/") : -1;
  return at <= 0 ? ["", name] : [name.slice(0, at), name.slice(at + 1)];
}

/** One expression stands alone; of several licences each is an id or a name (schema, `licenseChoice`). */
function licensesOf(licenses: readonly string[]): readonly object[] {
  const read = licenses.map((text) => ({ text, expression: licenseExpression(text) }));
  const [only] = read;
  if (read.length === 1 && only?.expression !== undefined && !isLicenseId(only.expression))
    return [{ expression: only.expression }];
  return read.map(({ text, expression }) =>
    expression !== undefined && isLicenseId(expression)
      ? { license: { id: expression } }
      : { license: { name: expression ?? text } },
  );
}

function listed<K extends string, T>(name: K, list: readonly T[]): { readonly [key in K]?: readonly T[] } {
  return list.length === 0 ? {} : ({ [name]: list } as { readonly [key in K]?: readonly T[] });
}
