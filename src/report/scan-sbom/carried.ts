import type { ScannedPackage } from "../scan-document.ts";
import type { BillSubject } from "./bill.ts";

/** A name and a value, as CycloneDX's properties are. */
export interface Property {
  readonly name: string;
  readonly value: string;
}

const prefix = "plimsoll:";

function said(name: string, value: string | number | undefined): readonly Property[] {
  return value === undefined || value === "" ? [] : [{ name: prefix + name, value: String(value) }];
}

/** What matching and reports need of a package and no bill of materials has a field for. */
export function packageProperties(one: ScannedPackage): readonly Property[] {
  return [
    // Purls fold and escape names; what they spell alike is not said twice.
    ...said("name", one.purl.includes(`/${one.name}@`) ? undefined : one.name),
    ...said("source:name", one.source?.name),
    ...said("source:version", one.source?.version),
    ...said("arch", one.arch),
    ...said("vendor", one.vendor),
    ...said("modularity", one.modularity),
    ...said("owner", one.owner),
    ...said("installedBytes", one.installedBytes),
    ...said("dev", one.dev ? "true" : undefined),
    ...said("layer:index", one.layerIndex),
    ...said("layer:diffId", one.layer),
  ];
}

/** What is known of the image: its layers, where each came from, and what was not examined. */
export function targetProperties({ target, packages, gaps }: BillSubject): readonly Property[] {
  const origins = new Map(packages.map(({ layerIndex, origin }) => [layerIndex, origin]));
  return [
    ...said("platform", target.platform),
    ...said("created", target.created),
    ...target.layers.flatMap((diffId, index) => {
      const origin = origins.get(index);
      return [
        ...said(`layer:${index}`, diffId),
        ...said(`layer:${index}:origin`, origin === undefined ? undefined : JSON.stringify(origin)),
      ];
    }),
    ...gaps.flatMap((gap) => said("gap", JSON.stringify(gap))),
  ];
}

/** The distribution as matching knows it. */
export function releaseProperties(release: NonNullable<BillSubject["release"]>): readonly Property[] {
  return [
    ...said("os:family", release.family),
    ...said("os:release", release.release),
    ...said("os:id", release.id),
    ...said("os:version", release.version),
    ...said("os:codename", release.codename),
    ...(release.ecosystems ?? []).flatMap((ecosystem) => said("os:ecosystem", ecosystem)),
  ];
}
