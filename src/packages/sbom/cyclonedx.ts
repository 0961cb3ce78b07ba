import { type Json, listOf, objectOf, textOf } from "../documents.ts";
import type { Properties, SbomComponent } from "./component.ts";
import type { SbomEntries } from "./read-sbom.ts";
import { sbomLimits } from "./sbom.ts";

/** The entries of a CycloneDX document of versions 1.2 to 1.6 (ECMA-424); components within components count alike. */
export function cyclonedxEntries(document: Json): SbomEntries {
  const root = objectOf(objectOf(document["metadata"])?.["component"]);
  const components: SbomComponent[] = [];
  let system: SbomComponent | undefined;
  let left = 0;
  // Depth is bounded by the stack of lists, not by calls.
  const lists: { readonly members: readonly unknown[]; next: number }[] = [
    { members: listOf(document["components"]), next: 0 },
    { members: listOf(root?.["components"]), next: 0 },
  ];
  while (lists.length > 0) {
    const list = lists.at(-1);
    if (!list || list.next >= list.members.length) {
      lists.pop();
      continue;
    }
    const one = objectOf(list.members[list.next++]);
    if (!one) continue;
    const nested = listOf(one["components"]);
    if (nested.length > 0) lists.push({ members: nested, next: 0 });
    const type = textOf(one["type"]);
    if (type === "operating-system") system ??= componentOf(one);
    else if (type === "file" || (type !== "library" && textOf(one["purl"]) === undefined)) continue;
    else if (components.length >= sbomLimits.components) left++;
    else components.push(componentOf(one));
  }
  return {
    ...(root ? { root: componentOf(root) } : {}),
    ...(system ? { system } : {}),
    components,
    left,
    edges: edgesOf(document),
  };
}

function componentOf(one: Json): SbomComponent {
  const occurrences = listOf(objectOf(one["evidence"])?.["occurrences"]).slice(0, sbomLimits.list);
  return {
    ref: short(one["bom-ref"]) ?? "",
    name: short(one["name"]) ?? "",
    group: short(one["group"]),
    version: short(one["version"]),
    purl: textOf(one["purl"]),
    vendor: short(one["publisher"]) ?? short(objectOf(one["supplier"])?.["name"]),
    licenses: listOf(one["licenses"]).slice(0, sbomLimits.list).flatMap(licenseOf),
    files: occurrences.flatMap((occurrence) => short(objectOf(occurrence)?.["location"]) ?? []),
    description: short(one["description"]),
    properties: propertiesOf(one["properties"]),
  };
}

function licenseOf(choice: unknown): readonly string[] {
  const one = objectOf(choice);
  const license = objectOf(one?.["license"]);
  return [short(one?.["expression"]) ?? short(license?.["id"]) ?? short(license?.["name"])].filter(
    (text) => text !== undefined && text !== "",
  ) as string[];
}

function propertiesOf(value: unknown): Properties {
  const found = new Map<string, string[]>();
  for (const property of listOf(value).slice(0, sbomLimits.list)) {
    const one = objectOf(property);
    const [name, said] = [short(one?.["name"]), short(one?.["value"])];
    if (name === undefined || said === undefined) continue;
    const same = found.get(name);
    if (same) same.push(said);
    else found.set(name, [said]);
  }
  return found;
}

function* edgesOf(document: Json): Generator<readonly [from: string, to: string]> {
  for (const dependency of listOf(document["dependencies"])) {
    const one = objectOf(dependency);
    const ref = textOf(one?.["ref"]);
    if (ref === undefined) continue;
    for (const to of listOf(one?.["dependsOn"])) if (typeof to === "string") yield [ref, to];
  }
}

/** A value no longer than is believed. */
function short(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= sbomLimits.characters ? value : undefined;
}

/** Whether a JSON object says that it is such a document, of a version that is read. */
export function isCyclonedx(document: Json): boolean {
  return document["bomFormat"] === "CycloneDX" && /^1\.[2-7]$/.test(textOf(document["specVersion"]) ?? "");
}
