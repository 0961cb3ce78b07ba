import { type Json, listOf, objectOf, parseJson, textOf } from "../documents.ts";
import type { Properties, SbomComponent } from "./component.ts";
import type { SbomEntries } from "./read-sbom.ts";
import { sbomLimits } from "./sbom.ts";

/** The entries of an SPDX document of versions 2.2 and 2.3 in JSON. */
export function spdxEntries(document: Json): SbomEntries {
  const texts = extractedTexts(document);
  const described = describedBy(document);
  const components: SbomComponent[] = [];
  let system: SbomComponent | undefined;
  let root: SbomComponent | undefined;
  let left = 0;
  for (const member of listOf(document["packages"])) {
    const one = objectOf(member);
    if (!one) continue;
    const purpose = textOf(one["primaryPackagePurpose"]);
    const component = componentOf(one, texts);
    if (purpose === "OPERATING-SYSTEM" || purpose === "OPERATING_SYSTEM") system ??= component;
    else if (component.purl === undefined && (described.has(component.ref) || purpose === "CONTAINER"))
      root ??= component;
    else if (component.purl === undefined && purpose !== undefined && purpose !== "LIBRARY") continue;
    else if (components.length >= sbomLimits.components) left++;
    else components.push(component);
  }
  return {
    root: root ?? { ref: "", name: textOf(document["name"]) ?? "", licenses: [], files: [], properties: new Map() },
    ...(system ? { system } : {}),
    components,
    left,
    edges: edgesOf(document),
  };
}

/** Whether a JSON object says that it is such a document, of a version that is read. */
export function isSpdx(document: Json): boolean {
  return /^SPDX-2\.[23]$/.test(textOf(document["spdxVersion"]) ?? "");
}

function componentOf(one: Json, texts: ReadonlyMap<string, string>): SbomComponent {
  const properties = annotated(one);
  const said = properties.get("plimsoll:license");
  const declared = short(one["licenseDeclared"]);
  return {
    ref: short(one["SPDXID"]) ?? "",
    name: short(one["name"]) ?? "",
    version: short(one["versionInfo"]),
    purl: purlOf(one),
    vendor: supplierOf(short(one["supplier"])),
    licenses: said ?? (isSaid(declared) ? [texts.get(declared) ?? declared] : []),
    files: properties.get("plimsoll:file") ?? [],
    sourceInfo: short(one["sourceInfo"]),
    description: short(one["description"]),
    properties,
  };
}

function isSaid(text: string | undefined): text is string {
  return text !== undefined && text !== "" && text !== "NOASSERTION" && text !== "NONE";
}

function purlOf(one: Json): string | undefined {
  for (const reference of listOf(one["externalRefs"]).slice(0, sbomLimits.list)) {
    const { referenceType, referenceLocator } = objectOf(reference) ?? {};
    if (referenceType === "purl" && typeof referenceLocator === "string") return referenceLocator;
  }
  return undefined;
}

/** "Organization: X", "Person: X (address)" (SPDX 2.3, 7.5). */
function supplierOf(supplier: string | undefined): string | undefined {
  if (!isSaid(supplier)) return undefined;
  const [, name, address] = /^(?:Organization|Person): ([^(]*)(?:\(([^)]*)\))?$/.exec(supplier) ?? [];
  return name === undefined ? undefined : `${name.trim()}${address ? ` <${address}>` : ""}`;
}

/** Plimsoll's annotation holds a list of pairs as JSON; other tools' comments are "Name: value". */
function annotated(one: Json): Properties {
  const found = new Map<string, string[]>();
  const add = (name: unknown, value: unknown): void => {
    const [key, said] = [short(name), short(value)];
    if (key === undefined || said === undefined) return;
    const same = found.get(key);
    if (same) same.push(said);
    else found.set(key, [said]);
  };
  for (const annotation of listOf(one["annotations"]).slice(0, sbomLimits.list)) {
    const { annotator, comment } = objectOf(annotation) ?? {};
    if (typeof annotator !== "string" || typeof comment !== "string") continue;
    if (annotator.startsWith("Tool: plimsoll-")) {
      for (const pair of listOf(parseJson(comment)).slice(0, sbomLimits.list)) {
        const [name, value] = listOf(pair);
        add(name, value);
      }
    } else if (annotator.startsWith("Tool: trivy")) {
      const colon = comment.indexOf(": ");
      if (colon > 0) add(`aquasecurity:trivy:${comment.slice(0, colon)}`, comment.slice(colon + 2));
    }
  }
  return found;
}

function extractedTexts(document: Json): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const info of listOf(document["hasExtractedLicensingInfos"])) {
    const one = objectOf(info);
    const [id, text] = [short(one?.["licenseId"]), short(one?.["extractedText"])];
    if (id !== undefined && text !== undefined) texts.set(id, text);
  }
  return texts;
}

function describedBy(document: Json): ReadonlySet<string> {
  const found = new Set<string>();
  for (const id of listOf(document["documentDescribes"])) if (typeof id === "string") found.add(id);
  for (const { from, type, to } of relationships(document))
    if (from === "SPDXRef-DOCUMENT" && type === "DESCRIBES") found.add(to);
  return found;
}

function* edgesOf(document: Json): Generator<readonly [from: string, to: string]> {
  for (const { from, type, to } of relationships(document)) {
    if (type === "DEPENDS_ON") yield [from, to];
    else if (type === "DEPENDENCY_OF") yield [to, from];
  }
}

function* relationships(document: Json): Generator<{ from: string; type: string; to: string }> {
  for (const relationship of listOf(document["relationships"])) {
    const { spdxElementId: from, relationshipType: type, relatedSpdxElement: to } = objectOf(relationship) ?? {};
    if (typeof from === "string" && typeof type === "string" && typeof to === "string") yield { from, type, to };
  }
}

/** A value no longer than is believed. */
function short(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= sbomLimits.characters ? value : undefined;
}
