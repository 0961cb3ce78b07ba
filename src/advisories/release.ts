import { endOfLifeOf, knownReleases } from "./end-of-life.ts";
import { redHatEcosystems } from "./red-hat-repositories.ts";
import { type OsFamily, osFamilies, type SaidRelease } from "./os-families.ts";

/** What distribution an image is, as far as advisories care. */
export interface OsRelease {
  /** "debian", "alpine", "rhel", …: a key of the table of ends of life. For a family that no advisories know, its own ID. */
  readonly family: string;
  /** The `ID` of os-release, which differs for derived distributions. */
  readonly id: string;
  /** For people: "Debian GNU/Linux 12 (bookworm)". */
  readonly name: string;
  /** As the image says it, "3.19.1"; "" where it says none. */
  readonly version: string;
  /** What advisories go by, "3.19"; "" for a distribution without releases. */
  readonly release: string;
  readonly codename?: string;
  /** OSV ecosystems to look packages up in, most specific first; none for a distribution no advisories are about. */
  readonly ecosystems: readonly string[];
  /** Extended support is switched on in the image (Ubuntu Pro's esm-infra). */
  readonly extendedSupport: boolean;
  /** What had to be assumed or contradicts itself, for the report's gaps. */
  readonly notes: readonly string[];
}

/** A file's text by its path without leading slash; undefined where there is none. */
export type ReadText = (path: string) => string | undefined;

/** Release files are small: what lies beyond is not read. */
const mostText = 256 * 1024;

/**
 * Says what distribution the files are; undefined where nothing tells. Only reads, never throws on what it reads.
 * @param manifests texts of Red Hat's content manifests, which name the repositories that packages came from
 */
export function detectRelease(read: ReadText, manifests: readonly string[] = []): OsRelease | undefined {
  const text: ReadText = (path) => read(path)?.slice(0, mostText);
  const said = fromOsRelease(text) ?? fromReleaseFiles(text) ?? fromRepositories(text);
  if (!said) return undefined;
  return said.family ? complete(said.family, said, text, manifests) : unknownFamily(said);
}

interface Said extends SaidRelease {
  readonly family: OsFamily | undefined;
  readonly id: string;
  readonly notes: readonly string[];
}

const byFamily: ReadonlyMap<string, OsFamily> = new Map(osFamilies.map((one) => [one.family, one]));
const byId: ReadonlyMap<string, OsFamily> = new Map(
  osFamilies.flatMap((one) => one.ids.map((id) => [id, one] as const)),
);

/** os-release(5): `NAME=value` lines, the value in quotes or not. */
function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const equals = line.indexOf("=");
    if (equals <= 0 || line.startsWith("#")) continue;
    const value = line.slice(equals + 1).trim();
    const quoted =
      value.length > 1 && (value.startsWith('"') || value.startsWith("'")) && value.endsWith(value.charAt(0));
    fields.set(line.slice(0, equals).trim(), quoted ? value.slice(1, -1).replace(/\\(["'\\$`])/g, "$1") : value);
  }
  return fields;
}

function fromOsRelease(read: ReadText): Said | undefined {
  const text = read("etc/os-release") ?? read("usr/lib/os-release");
  if (text === undefined) return undefined;
  const fields = parseOsRelease(text);
  const field = (name: string): string => fields.get(name) ?? "";
  const id = field("ID").toLowerCase();
  if (id === "") return undefined;
  const said = {
    id,
    version: field("VERSION_ID"),
    codename: field("VERSION_CODENAME").toLowerCase(),
    name: field("PRETTY_NAME") || field("NAME") || id,
  };
  const own = id === "centos" && /stream/i.test(field("NAME")) ? byFamily.get("centos-stream") : byId.get(id);
  if (own) return { ...said, family: own, notes: [] };
  const likes = field("ID_LIKE").toLowerCase().split(/\s+/);
  const parent = likes.map((like) => byId.get(like)).find((one) => one !== undefined);
  if (!parent) return { ...said, family: undefined, notes: [] };
  return { ...derived(parent, said, field(`${parent.family.toUpperCase()}_CODENAME`).toLowerCase()), id };
}

/** A derived distribution counts its own releases: its parent's is known by code name, or where the numbers are the same. */
function derived(parent: OsFamily, said: SaidRelease, parentCodename: string): Omit<Said, "id"> {
  const named = knownReleases(parent.family).find(
    ({ codename }) => codename !== undefined && codename === (parentCodename || said.codename),
  );
  const counts = knownReleases(parent.family).some(({ codename }) => codename !== undefined);
  const same = !counts || endOfLifeOf(parent.family, said.version) !== undefined;
  const version = named?.release ?? (same ? said.version : "");
  return {
    ...said,
    version,
    family: parent,
    notes: [`${said.name} is looked up as ${parent.family}${version && ` ${version}`}, which it says it is like`],
  };
}

/** Older images and cut-down ones: one file per distribution, those that others imitate last. */
const releaseFiles: readonly (readonly [path: string, family: string, pattern: RegExp])[] = [
  ["etc/oracle-release", "oracle", /Oracle Linux.* release (\d+(?:\.\d+)*)/],
  ["etc/rocky-release", "rocky", /Rocky Linux.* release (\d+(?:\.\d+)*)/],
  ["etc/almalinux-release", "almalinux", /AlmaLinux.* release (\d+(?:\.\d+)*)/],
  ["etc/fedora-release", "fedora", /Fedora.* release (\d+)/],
  ["etc/centos-release", "centos-stream", /CentOS Stream release (\d+)/],
  ["etc/centos-release", "centos", /CentOS.* release (\d+(?:\.\d+)*)/],
  ["etc/redhat-release", "centos", /CentOS.* release (\d+(?:\.\d+)*)/],
  ["etc/redhat-release", "rhel", /Red Hat Enterprise Linux.* release (\d+(?:\.\d+)*)/],
  ["etc/system-release", "amazon", /Amazon Linux(?: AMI)?(?: release)? (\d+(?:\.\d+)*)/],
  ["etc/lsb-release", "ubuntu", /DISTRIB_ID=Ubuntu\s+DISTRIB_RELEASE=(\d+\.\d+)/],
  ["etc/alpine-release", "alpine", /^(\d+\.\d+\S*)/],
  ["etc/debian_version", "debian", /^(\d+(?:\.\d+)?|[a-z]+\/sid)/],
];

function fromReleaseFiles(read: ReadText): Said | undefined {
  for (const [path, family, pattern] of releaseFiles) {
    // The first line tells, but for lsb-release, whose first two do.
    const text = read(path)?.split("\n").slice(0, 2).join("\n").slice(0, 512);
    const found = text === undefined ? undefined : pattern.exec(text)?.[1];
    if (text === undefined || found === undefined) continue;
    const codename = found.endsWith("/sid") ? found.slice(0, -4) : "";
    const name =
      family === "debian" || family === "alpine" || family === "ubuntu"
        ? `${family} ${found}`
        : (text.split("\n")[0] ?? "");
    return { id: family, family: byFamily.get(family), version: codename ? "" : found, codename, name, notes: [] };
  }
  return undefined;
}

/** An Alpine image without any release file still says where its packages come from. */
function fromRepositories(read: ReadText): Said | undefined {
  const stream = alpineStream(read);
  if (stream === undefined) return undefined;
  const notes = ["the release is taken from etc/apk/repositories alone"];
  return {
    id: "alpine",
    family: byFamily.get("alpine"),
    version: stream,
    codename: "",
    name: `alpine ${stream}`,
    notes,
  };
}

/** "edge" where any repository is, else the highest release; repositories with a tag serve only packages that name it. */
function alpineStream(read: ReadText): string | undefined {
  let newest: string | undefined;
  for (const line of (read("etc/apk/repositories") ?? "").split("\n")) {
    const found = /^[a-z]+:\/\/\S{1,400}\/(?:v(\d{1,4}\.\d{1,4})|(edge))\/(?:main|community|testing)\/?\s*$/.exec(line);
    if (found?.[2]) return "edge";
    const release = found?.[1];
    if (release !== undefined && (newest === undefined || minorOf(release) > minorOf(newest))) newest = release;
  }
  return newest;
}

/** Alpine's releases as one number: 3.9 before 3.10. */
function minorOf(release: string): number {
  const [major = "0", minor = "0"] = release.split(".");
  return Number(major) * 10_000 + Number(minor);
}

function releaseKey(family: OsFamily, version: string): string {
  const [major = "", minor] = /^\d+(?:\.\d+)*/.exec(version)?.[0].split(".") ?? [];
  if (family.key === "none" || major === "") return "";
  if (family.key === "major") return major;
  if (family.key === "full") return version;
  return minor === undefined ? `${major}.0` : `${major}.${minor}`;
}

function complete(family: OsFamily, said: Said, read: ReadText, manifests: readonly string[]): OsRelease {
  const notes = [...said.notes];
  let { version } = said;
  let release = releaseKey(family, version);
  if (family.family === "amazon" && Number(release) > 2010 && Number(release) < 2020) release = "1";
  if (family.family === "debian" || family.family === "ubuntu") {
    const named = knownReleases(family.family).find(({ codename }) => codename === said.codename);
    if (release === "" && named) release = named.release;
    if (family.family === "debian") {
      const minor = /^\d+\.\d+/.exec(read("etc/debian_version") ?? "")?.[0];
      if (minor?.split(".")[0] === version) version = minor;
      const newest = knownReleases("debian").at(-1)?.release ?? "";
      if (release === "" || Number(release) > Number(newest)) {
        notes.push(`${said.name} is not a released Debian: it is held to what is known of Debian ${newest}`);
        release = newest;
      }
    }
  }
  if (family.family === "alpine") {
    const stream = alpineStream(read);
    if (stream !== undefined && stream !== release) {
      notes.push(`etc/apk/repositories names ${stream}, the release file ${release || "none"}: the repositories count`);
      release = stream;
    }
  }
  const missing = family.key !== "none" && release === "";
  if (missing) notes.push(`${said.name} names no release, so no advisories can be looked up`);
  const fromManifests = family.family === "rhel" && !missing ? redHatEcosystems(release, manifests) : undefined;
  if (fromManifests?.unknown.length)
    notes.push(`advisories of these repositories are not told apart: ${fromManifests.unknown.slice(0, 5).join(", ")}`);
  const plain = missing ? [] : (fromManifests?.ecosystems ?? family.ecosystems(release, said));
  const extendedSupport = family.family === "ubuntu" && hasEsm(read);
  const codename = said.codename || endOfLifeOf(family.family, release)?.codename;
  return {
    family: family.family,
    id: said.id,
    name: said.name,
    version,
    release,
    ...(codename && { codename }),
    ecosystems: extendedSupport ? [...plain.map((one) => one.replace("Ubuntu:", "Ubuntu:Pro:")), ...plain] : plain,
    extendedSupport,
    notes,
  };
}

function unknownFamily({ id, name, version, codename, notes }: Said): OsRelease {
  return {
    family: id,
    id,
    name,
    version,
    release: version,
    ...(codename && { codename }),
    ecosystems: [],
    extendedSupport: false,
    notes: [...notes, `no advisories are known of ${name}`],
  };
}

/** Ubuntu Pro's state: the service esm-infra, switched on. */
function hasEsm(read: ReadText): boolean {
  let status: unknown;
  try {
    status = JSON.parse(read("var/lib/ubuntu-advantage/status.json") ?? "null");
  } catch {
    return false;
  }
  if (typeof status !== "object" || status === null || !("services" in status) || !Array.isArray(status.services))
    return false;
  return status.services.some(
    (service: unknown) =>
      typeof service === "object" &&
      service !== null &&
      "name" in service &&
      service.name === "esm-infra" &&
      "status" in service &&
      service.status === "enabled",
  );
}
