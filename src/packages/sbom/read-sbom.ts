import { type Gap, PlimsollError } from "../../core/index.ts";
import { objectOf, parseJson, textOf } from "../documents.ts";
import { parsePurl } from "../purl.ts";
import { packageOf, type SbomComponent } from "./component.ts";
import { systemId } from "./conventions.ts";
import { cyclonedxEntries, isCyclonedx } from "./cyclonedx.ts";
import { type Sbom, type SbomPackage, sbomLimits, type SbomRelease } from "./sbom.ts";
import { isSpdx, spdxEntries } from "./spdx.ts";

/** What both formats come to. */
export interface SbomEntries {
  readonly root?: SbomComponent;
  readonly system?: SbomComponent;
  readonly components: readonly SbomComponent[];
  /** How many entries are beyond the limit. */
  readonly left: number;
  /** By the references of the document: who needs whom. */
  readonly edges: Iterable<readonly [from: string, to: string]>;
}

/**
 * Reads a bill of materials: CycloneDX 1.2 to 1.7 or SPDX 2.2 and 2.3, as JSON. Nothing about its shape is taken for granted:
 * what cannot be understood is left out, and said to be.
 * @param name how messages call it
 * @throws PlimsollError sbom.invalid
 */
export function readSbom(text: string, name: string): Sbom {
  const document = objectOf(parseJson(text.startsWith("\uFEFF") ? text.slice(1) : text));
  if (!document) throw invalid(name, "is not JSON");
  if (isCyclonedx(document)) return complete("cyclonedx", cyclonedxEntries(document));
  if (isSpdx(document)) return complete("spdx", spdxEntries(document));
  const version = textOf(document["specVersion"]) ?? textOf(document["spdxVersion"]);
  throw invalid(name, version === undefined ? "is no CycloneDX or SPDX document" : "is of a version that is not read");
}

function invalid(name: string, why: string): PlimsollError {
  return new PlimsollError("sbom.invalid", `${name} ${why}`, {
    hint: "CycloneDX 1.2 to 1.7 and SPDX 2.2 and 2.3 are read, as JSON: plimsoll sbom IMAGE -o bom.cdx.json writes one",
  });
}

function complete(format: Sbom["format"], { root, system, components, left, edges }: SbomEntries): Sbom {
  const about = root?.properties ?? new Map<string, readonly string[]>();
  const layers = layersOf(about);
  const diffIds = layers.map(({ diffId }) => diffId);
  const byPurl = new Map<string, SbomPackage>();
  // A package that is in several places is one, with the evidence of all.
  const evidence = new Map<string, Set<string>>();
  const byRef = new Map<string, string>();
  let unnamed = 0;
  for (const component of components) {
    const one = packageOf(component, diffIds);
    if (!one) {
      if (component.purl === undefined || !isImage(component.purl)) unnamed++;
      continue;
    }
    if (component.ref !== "") byRef.set(component.ref, one.purl);
    const files = evidence.get(one.purl);
    if (!files) {
      byPurl.set(one.purl, one);
      evidence.set(one.purl, new Set(one.files));
    } else for (const file of one.files) if (files.size < sbomLimits.list) files.add(file);
  }
  for (const [purl, one] of byPurl) byPurl.set(purl, { ...one, files: [...(evidence.get(purl) ?? [])] });
  const packages = withNeeds(byPurl, byRef, edges);
  const release = releaseOf(system, components);
  const [digest] = [root?.version, ...(about.get("aquasecurity:trivy:ImageID") ?? [])].filter(
    (text) => text !== undefined && /^sha\d{3}:[0-9a-f]{64,128}$/.test(text),
  );
  const platform = about.get("plimsoll:platform")?.[0];
  const created = about.get("plimsoll:created")?.[0];
  return {
    format,
    name: root?.name ?? "",
    ...(digest !== undefined && { digest }),
    ...(platform !== undefined && { platform }),
    ...(created !== undefined && { created }),
    layers,
    ...(release && { release }),
    packages: packages.sort((a, b) => (a.purl < b.purl ? -1 : 1)),
    gaps: gapsOf(about.get("plimsoll:gap") ?? [], unnamed, left),
  };
}

function isImage(purl: string): boolean {
  const { type } = parsePurl(purl) ?? {};
  return type === "oci" || type === "docker";
}

/** Plimsoll says each layer by its number; Trivy lists the diff ids. */
function layersOf(about: SbomComponent["properties"]): Sbom["layers"] {
  const foreign = about.get("aquasecurity:trivy:DiffID");
  if (foreign) return foreign.slice(0, sbomLimits.list).map((diffId) => ({ diffId }));
  const layers: { diffId: string; origin?: unknown }[] = [];
  for (let index = 0; index < sbomLimits.list; index++) {
    const diffId = about.get(`plimsoll:layer:${index}`)?.[0];
    if (diffId === undefined) break;
    const origin = about.get(`plimsoll:layer:${index}:origin`)?.[0];
    layers.push({ diffId, ...(origin === undefined ? {} : { origin: parseJson(origin) }) });
  }
  return layers;
}

function withNeeds(
  byPurl: ReadonlyMap<string, SbomPackage>,
  byRef: ReadonlyMap<string, string>,
  edges: SbomEntries["edges"],
): SbomPackage[] {
  const needs = new Map<string, Set<string>>();
  let count = 0;
  for (const [from, to] of edges) {
    if (++count > sbomLimits.edges) break;
    const one = byPurl.get(byRef.get(from) ?? "");
    const other = byPurl.get(byRef.get(to) ?? "");
    if (!one || !other || one.type !== other.type) continue;
    const names = needs.get(one.purl);
    if (names) names.add(other.name);
    else needs.set(one.purl, new Set([other.name]));
  }
  return [...byPurl.values()].map((one) => {
    const requires = needs.get(one.purl);
    return requires ? { ...one, requires: [...requires].sort() } : one;
  });
}

/** The entry that is one, else what the purls of its packages say of their distribution. */
function releaseOf(system: SbomComponent | undefined, components: readonly SbomComponent[]): SbomRelease | undefined {
  if (!system) return releaseOfPurls(components);
  const said = (name: string): string | undefined => system.properties.get(name)?.[0];
  const { description } = system;
  const codename = said("plimsoll:os:codename");
  const family = said("plimsoll:os:family");
  const release = said("plimsoll:os:release");
  const ecosystems = system.properties.get("plimsoll:os:ecosystem");
  return {
    id: said("plimsoll:os:id") ?? systemId(said("syft:distro:id") ?? system.name),
    version: said("plimsoll:os:version") ?? said("syft:distro:versionID") ?? system.version ?? "",
    ...(description !== undefined && { name: description }),
    ...(codename !== undefined && { codename }),
    ...(family !== undefined && { family, release: release ?? "", ecosystems: ecosystems ?? [] }),
  };
}

/** `distro` is "debian-12", "opensuse-leap-15.5", "debian-bookworm", or the version alone. */
function releaseOfPurls(components: readonly SbomComponent[]): SbomRelease | undefined {
  for (const component of components) {
    const purl = component.purl === undefined ? undefined : parsePurl(component.purl);
    const distro = purl?.qualifiers?.["distro"];
    if (!purl || distro === undefined || !["deb", "apk", "rpm"].includes(purl.type)) continue;
    const said = /^(?:([a-z][\w.-]*?)-)?(\d[\w.]*)$/i.exec(distro);
    const id = systemId(said?.[1] ?? purl.namespace ?? distro);
    if (said) return { id, version: said[2] ?? "" };
    return { id, version: "", codename: distro.slice(distro.lastIndexOf("-") + 1) };
  }
  return undefined;
}

function gapsOf(said: readonly string[], unnamed: number, left: number): readonly Gap[] {
  const gaps = said.flatMap((text): Gap[] => {
    const { subject, reason } = objectOf(parseJson(text)) ?? {};
    return typeof subject === "string" && typeof reason === "string" ? [{ subject, reason }] : [];
  });
  if (unnamed > 0)
    gaps.push({
      subject: "bill of materials",
      reason: `${unnamed} of its entries name no package that can be looked up`,
    });
  if (left > 0) gaps.push({ subject: "bill of materials", reason: `${left} entries are more than what is read` });
  return gaps;
}
