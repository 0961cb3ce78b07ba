import type { RandomAccess } from "../../core/index.ts";
import { isZipStart, readZip, type Zip, type ZipEntry } from "../binary/zip.ts";
import { baseName } from "../documents.ts";
import { parseMailHeaders } from "./mail-headers.ts";

/** One artifact that an archive holds; `inside` is the way from the outermost archive to the one it was found in. */
export interface Artifact {
  readonly group?: string;
  readonly artifact: string;
  readonly version: string;
  readonly license?: string;
  readonly inside?: string;
}

const nested = /\.(?:jar|war|ear|par|sar|nar|kar|lpkg|rar)$/i;
const pomProperties = /(?:^|\/)META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/;
const [largestText, largestInner, deepest, longestArtifact] = [1 << 20, 256 << 20, 6, 4096];

/** What may still be unpacked and remembered of one outermost archive, however its insides multiply. */
interface Budget {
  bytes: number;
  archives: number;
  entries: number;
  /** Of the answer, in characters. */
  answer: number;
}

/** The artifacts as JSON; undefined for what is no zip or holds none. `damaged` says that it was a zip once. */
export function condenseJar(path: string, file: RandomAccess): Uint8Array | undefined {
  const artifacts: Artifact[] = [];
  readArchive(
    baseName(path),
    file,
    undefined,
    0,
    { bytes: 1 << 30, archives: 5000, entries: 1_000_000, answer: 8 << 20 },
    artifacts,
  );
  const damaged = artifacts.length === 0 && isZipStart(file) && !readZip(file, 1);
  return artifacts.length === 0 && !damaged
    ? undefined
    : Buffer.from(JSON.stringify({ artifacts, ...(damaged && { damaged }) }));
}

function readArchive(
  name: string,
  file: RandomAccess,
  inside: string | undefined,
  depth: number,
  budget: Budget,
  found: Artifact[],
): void {
  if (budget.archives-- <= 0 || budget.entries <= 0) return;
  const zip = readZip(file, budget.entries);
  if (!zip) return;
  budget.entries -= zip.entries.length;
  const where = inside === undefined ? {} : { inside };
  const open = (entry: ZipEntry, limit: number): RandomAccess | undefined => {
    // Stored members are charged too: many may lie over one another.
    const cost = Math.max(entry.size, entry.packedSize);
    if (cost > budget.bytes) return undefined;
    budget.bytes -= cost;
    return zip.open(entry, limit);
  };
  const text = (entry: ZipEntry): string => {
    const member = open(entry, largestText);
    const bytes = member?.read(0, member.size);
    return bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8") : "";
  };
  const declared = zip.entries
    .filter((entry) => pomProperties.test(entry.name))
    .flatMap((entry) => parsePomProperties(text(entry)));
  const own = ownName(name, zip, text);
  // A shaded archive carries the properties of all that it took in, and may lack its own.
  if (own && !declared.some((one) => sameArtifact(one, own))) declared.push(own);
  for (const one of declared) {
    const artifact = { ...one, ...(own?.license && sameArtifact(one, own) ? { license: own.license } : {}), ...where };
    const length = Object.values(artifact).join("").length;
    if (length > longestArtifact || length > budget.answer) continue;
    budget.answer -= length;
    found.push(artifact);
  }
  if (depth >= deepest) return;
  for (const entry of zip.entries) {
    if (!nested.test(entry.name)) continue;
    const member = open(entry, largestInner);
    const way = inside === undefined ? entry.name : `${inside}!/${entry.name}`;
    if (member) readArchive(baseName(entry.name), member, way, depth + 1, budget, found);
  }
}

function parsePomProperties(text: string): Artifact[] {
  const values = new Map<string, string>();
  for (const line of text.split("\n", 200)) {
    const found = /^\s*(groupId|artifactId|version)\s*[=:]\s*(\S+)\s*$/.exec(line);
    if (found?.[1] !== undefined && found[2] !== undefined) values.set(found[1], found[2]);
  }
  const [group, artifact, version] = [values.get("groupId"), values.get("artifactId"), values.get("version")];
  if (artifact === undefined || version === undefined || version.includes("${")) return [];
  return [{ ...(group === undefined ? {} : { group }), artifact, version }];
}

/** The archive by its own name and manifest. The name of the file is the artifact's as its repository has it; titles are prose. */
function ownName(name: string, zip: Zip, text: (entry: ZipEntry) => string): Artifact | undefined {
  const entry = zip.entries.find((one) => /^META-INF\/MANIFEST\.MF$/i.test(one.name));
  // Manifests continue a line by one space, in the middle of words.
  const manifest = parseMailHeaders(entry ? text(entry).replace(/\r?\n /g, "") : "");
  const say = (...keys: readonly string[]): string | undefined =>
    keys
      .map((key) => manifest.get(key)?.[0])
      .find((value) => value !== undefined && value !== "" && !value.includes("${"));
  const byFile = splitFileName(name);
  const stem = name.slice(0, Math.max(0, name.lastIndexOf(".")));
  const titled = say("implementation-title", "automatic-module-name", "bundle-symbolicname")?.split(";", 1)[0];
  // A plugin of Jenkins says all of it, and lies under a name of its administrator's choice.
  const plugin = say("group-id") === undefined ? undefined : say("short-name");
  const artifact = plugin ?? byFile?.artifact ?? (/^[a-z][a-z0-9]*(?:[-._][a-z0-9]+)*$/i.test(stem) ? stem : titled);
  const version =
    byFile?.version ??
    say("plugin-version", "implementation-version", "bundle-version", "specification-version")?.split(/\s/, 1)[0];
  if (artifact === undefined || version === undefined || !/^v?\d/.test(version)) return undefined;
  const vendor = plugin === undefined ? say("implementation-vendor-id") : say("group-id");
  const license = say("bundle-license")?.split(/[;,]/, 1)[0];
  return {
    // Two labels ("org.apache") name a house and not a group.
    ...(vendor !== undefined && /^[a-z][\w-]*(?:\.[a-z][\w-]*){2,}$/.test(vendor) ? { group: vendor } : {}),
    artifact,
    version,
    ...(license === undefined ? {} : { license }),
  };
}

/** What stands behind the version and is none of it: how the archive was put together, or what machine it is for. */
const classifier =
  /-(?:jar-with-dependencies|with-dependencies|all|shaded|standalone|uber|fat|exec|runner|sources|javadoc|tests?|(?:linux|osx|macos|windows)[-_]\w{1,40})$/;

/**
 * "artifact-version.jar": the version begins at the last hyphen before a digit, or further left in a snapshot by time. Bundles of
 * OSGi have an underscore there ("org.eclipse.jdt.core_3.36.0.v2023.jar").
 */
function splitFileName(name: string): { artifact: string; version: string } | undefined {
  const stem = name.slice(0, Math.max(0, name.lastIndexOf("."))).replace(classifier, "");
  if (stem.length > 255 || !/^[\w.+-]+$/.test(stem)) return undefined;
  const [, bundle, numbers] = /^([a-zA-Z][\w.]{0,200})_(\d{1,9}(?:\.\d{1,9}){2}(?:\.[\w-]{1,60})?)$/.exec(stem) ?? [];
  if (bundle !== undefined && numbers !== undefined) return { artifact: bundle, version: numbers };
  const starts = [...stem.matchAll(/-(?=\d)/g)].map((one) => one.index);
  const snapshot = starts.find((at) => /^-\d[\w.]{0,60}-\d{8}\.\d{6}-\d{1,9}$/.test(stem.slice(at)));
  const at = snapshot ?? starts.at(-1);
  return at === undefined || at === 0 ? undefined : { artifact: stem.slice(0, at), version: stem.slice(at + 1) };
}

function sameArtifact(one: Artifact, other: Artifact): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[._]/g, "-");
  return plain(one.artifact) === plain(other.artifact);
}
