import type { Digest } from "../../core/index.ts";
import { formatPurl, type Purl, parsePurl } from "../purl.ts";
import { foreignFacts } from "./conventions.ts";
import { sbomLimits, type SbomPackage } from "./sbom.ts";

/** An entry of a bill of materials, of whichever format. */
export interface SbomComponent {
  /** How the document refers to it. */
  readonly ref: string;
  readonly name: string;
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly purl?: string | undefined;
  readonly vendor?: string | undefined;
  readonly licenses: readonly string[];
  readonly files: readonly string[];
  readonly description?: string | undefined;
  /** SPDX's `sourceInfo`. */
  readonly sourceInfo?: string | undefined;
  readonly properties: Properties;
}

/** All values of each name, in their order. */
export type Properties = ReadonlyMap<string, readonly string[]>;

/** Purls of whole images are no packages. */
const images = new Set(["oci", "docker"]);

/** The package an entry stands for; undefined where its purl names none, or what it says is such as no package has. */
export function packageOf(component: SbomComponent, layers: readonly string[]): SbomPackage | undefined {
  const purl = component.purl === undefined ? undefined : parsePurl(component.purl);
  if (!purl || images.has(purl.type)) return undefined;
  const said = (name: string): string | undefined => component.properties.get(`plimsoll:${name}`)?.[0];
  const foreign = foreignFacts(component, purl);
  const name = said("name") ?? nameOf(purl);
  const version = versionOf(component, purl);
  if (!isPlain(name) || (version !== "" && !isPlain(version))) return undefined;
  const source =
    sourceOf(said("source:name"), said("source:version")) ?? foreign.source ?? ownSource(purl, name, version);
  const arch = said("arch") ?? purl.qualifiers?.["arch"];
  const vendor = said("vendor") ?? component.vendor;
  const modularity = said("modularity") ?? foreign.modularity;
  const owner = said("owner");
  const installedBytes = Number(said("installedBytes") ?? Number.NaN);
  const layer = said("layer:diffId") ?? foreign.layer;
  const index = layerIndexOf(said("layer:index"), layer, layers);
  const files = component.files.length > 0 ? component.files : foreign.files;
  return {
    purl: formatPurl(purl),
    type: purl.type,
    name,
    version,
    ...(source && { source }),
    ...(arch !== undefined && { arch }),
    licenses: component.licenses,
    files,
    ...(vendor !== undefined && vendor !== "" && { vendor }),
    ...(modularity !== undefined && { modularity }),
    ...(owner !== undefined && { owner }),
    ...(Number.isSafeInteger(installedBytes) && installedBytes >= 0 && { installedBytes }),
    ...(said("dev") === "true" && { dev: true }),
    ...(layer !== undefined && isDigest(layer) && { layer }),
    ...(index !== undefined && { layerIndex: index }),
  };
}

function isDigest(text: string): text is Digest {
  return /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/.test(text);
}

/** As the ecosystem writes it: "@scope/name", "group:artifact"; the namespace of a distribution's purl is its vendor. */
function nameOf({ type, namespace, name }: Purl): string {
  if (namespace === undefined || ["deb", "apk", "rpm", "alpm", "opkg", "generic"].includes(type)) return name;
  return type === "maven" ? `${namespace}:${name}` : `${namespace}/${name}`;
}

/** The component's own, which has the epoch as a rule; a purl keeps it apart. */
function versionOf({ version = "" }: SbomComponent, purl: Purl): string {
  const written = version === "" ? (purl.version ?? "") : version;
  const epoch = purl.qualifiers?.["epoch"];
  const lacks = (purl.type === "rpm" || purl.type === "deb") && epoch !== undefined && !/^\d+:/.test(written);
  if (lacks && /^[1-9]\d{0,9}$/.test(epoch)) return `${epoch}:${written}`;
  return purl.type === "rpm" ? written.replace(/^0:/, "") : written;
}

function sourceOf(name: string | undefined, version: string | undefined): SbomPackage["source"] {
  return name !== undefined && version !== undefined && isPlain(name) && isPlain(version)
    ? { name, version }
    : undefined;
}

/** What says nothing else was built from a source of its own name. */
function ownSource({ type }: Purl, name: string, version: string): SbomPackage["source"] {
  return type === "deb" || type === "apk" || type === "rpm" ? { name, version } : undefined;
}

function layerIndexOf(
  index: string | undefined,
  layer: string | undefined,
  layers: readonly string[],
): number | undefined {
  const said = index !== undefined && /^\d{1,4}$/.test(index) ? Number(index) : undefined;
  if (said !== undefined) return said < layers.length ? said : undefined;
  const found = layer === undefined ? -1 : layers.indexOf(layer);
  return found < 0 ? undefined : found;
}

/** No control characters and no spaces: what no package manager takes does not come into a report by this door. */
function isPlain(text: string): boolean {
  return text.length > 0 && text.length <= Math.min(1024, sbomLimits.characters) && !/[\s\p{Cc}\p{Cf}]/u.test(text);
}
