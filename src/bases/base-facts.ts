import type { BaseFacts, BaseFamily, BaseUser } from "./facts.ts";
import { parseReference, type ImageReference } from "./reference.ts";
import { type BaseRow, officialRows, otherRows, stockUsers } from "./table.ts";
import { readTag, type TagParts } from "./tag.ts";

/** The day the tables in this folder were last held against the images. */
const asOf = "2026-08-21";
const nothing: BaseFacts = { family: "unknown", readyUsers: [], userTools: [], tools: [], absent: [], asOf };

const debianSuites: Readonly<Record<string, string>> = {
  "8": "jessie",
  "9": "stretch",
  "10": "buster",
  "11": "bullseye",
  "12": "bookworm",
  "13": "trixie",
  stable: "trixie",
  oldstable: "bookworm",
  latest: "trixie",
};
const ubuntuSuites: Readonly<Record<string, string>> = {
  "14": "trusty",
  "16": "xenial",
  "18": "bionic",
  "20": "focal",
  "22": "jammy",
  "24": "noble",
  "26": "resolute",
};

/**
 * What is known of an image by its reference.
 * @param exact the most exact tag of the same official image, which names the suite where the tag given does not
 */
export function baseFacts(reference: string, exact?: string): BaseFacts {
  if (reference === "scratch")
    return { ...nothing, family: "scratch", user: "root", passwd: [], groups: [], absent: ["sh"] };
  const parsed = parseReference(reference);
  if (!parsed) return nothing;
  const name = parsed.official;
  const row =
    name === undefined ? otherRow(parsed) : Object.hasOwn(officialRows, name) ? officialRows[name] : undefined;
  if (!row) return nothing;
  const parts = readTag(parsed.tag ?? "latest");
  const full = exact === undefined ? parts : readTag(exact);
  const family = familyOf(row, parts, full);
  return describe(parsed, row, family, parts, suiteOf(name, family, parts, full));
}

function otherRow(reference: ImageReference): BaseRow | undefined {
  const path = `${reference.registry}/${reference.repository}`;
  const found = otherRows.find(([prefix]) => path === prefix || path.startsWith(prefix));
  if (!found) return undefined;
  return reference.tag?.includes("alpine") ? { ...found[1], family: "alpine" } : found[1];
}

function familyOf(row: BaseRow, parts: TagParts, full: TagParts): BaseFamily {
  if (row.family) return row.family;
  const suite = full.suite ?? parts.suite ?? "";
  if (suite.startsWith("alpine") || parts.flavours.some((flavour) => flavour.startsWith("alpine"))) return "alpine";
  if (
    /^(?:windowsservercore|nanoserver|ltsc)/.test(suite) ||
    parts.flavours.includes("windowsservercore") ||
    parts.flavours.includes("nanoserver")
  )
    return "windows";
  if (/^(?:oracle|ubi|al20)/.test(suite)) return "rhel";
  return parts.flavours.includes("musl") || parts.flavours.includes("uclibc") ? "busybox" : "debian";
}

function suiteOf(name: string | undefined, family: BaseFamily, parts: TagParts, full: TagParts): string | undefined {
  const [major, minor] = (full.version.length > parts.version.length ? full : parts).version;
  if (name === "debian")
    return (
      parts.suite ?? full.suite ?? debianSuites[major === undefined ? (parts.flavours[0] ?? "latest") : String(major)]
    );
  if (name === "ubuntu")
    return parts.suite ?? full.suite ?? (major === undefined ? undefined : ubuntuSuites[String(major)]);
  if (name === "alpine") return major === undefined || minor === undefined ? undefined : `alpine${major}.${minor}`;
  return parts.suite ?? full.suite ?? (family === "alpine" ? undefined : undefined);
}

function describe(
  reference: ImageReference,
  row: BaseRow,
  family: BaseFamily,
  parts: TagParts,
  suite: string | undefined,
): BaseFacts {
  const isMinimal = /ubi\d*-(?:minimal|micro)|\/ubi-(?:minimal|micro)/.test(reference.repository);
  const isUbuntu = reference.official === "ubuntu";
  const slim = parts.flavours.includes("slim");
  const compilers = row.fullHasCompilers === true && family === "debian" && !slim && !parts.flavours.includes("alpine");
  const alpineUsers: Readonly<Record<string, readonly BaseUser[]>> = {
    "www-data": [{ name: "www-data", uid: 82, gid: 82 }],
    postgres: [{ name: "postgres", uid: 70, gid: 70 }],
  };
  const users =
    family === "alpine" ? (row.users ?? []).flatMap((one) => alpineUsers[one.name] ?? [one]) : (row.users ?? []);
  const nonroot = family === "distroless" && /nonroot/.test(reference.tag ?? "");
  const present = toolsOf(family, compilers, isMinimal);
  const tools = [...new Set([...(row.tools ?? []).filter((tool) => !(tool === "curl" && slim)), ...present])];
  const stock = stockUsers[family];
  const knowsPasswd =
    stock !== undefined && row.users === undefined && row.user === undefined && reference.official !== undefined;
  const sdk = row.sdk === "java" && parts.flavours.includes("jre") ? undefined : row.sdk;
  const readyUsers = [...users];
  const user = nonroot ? "nonroot" : (row.user ?? (family === "unknown" || family === "windows" ? undefined : "root"));
  const manager = managerOf(family, isMinimal);
  const ownWorkdir = nonroot ? "/home/nonroot" : knowsPasswd || family === "distroless" ? "/" : undefined;
  const workdir = family === "windows" ? undefined : (row.workdir ?? ownWorkdir);
  return {
    family,
    readyUsers,
    userTools: userToolsOf(family, suite, isMinimal, isUbuntu),
    tools,
    absent: absentFrom(family, slim || reference.official === "debian" || isUbuntu, tools),
    asOf,
    ...(suite === undefined ? {} : { suite }),
    ...(manager ? { packageManager: manager } : {}),
    ...(user === undefined ? {} : { user }),
    ...(stock
      ? {
          passwd: [...stock, ...users.map(({ name }) => name)],
          groups: [
            ...stock,
            ...users.map(({ name }) => name),
            "staff",
            "users",
            "wheel",
            "adm",
            "audio",
            "video",
            "tty",
            "disk",
            "shadow",
            "nogroup",
          ],
        }
      : {}),
    ...(workdir === undefined ? {} : { workdir }),
    ...(sdk ? { sdk } : {}),
    ...(compilers ? { compilers } : {}),
  };
}

function managerOf(family: BaseFamily, minimal: boolean): BaseFacts["packageManager"] | undefined {
  if (family === "debian") return "apt";
  if (family === "alpine" || family === "wolfi") return "apk";
  if (family === "rhel") return minimal ? "microdnf" : "dnf";
  if (family === "suse") return "zypper";
  return family === "arch" ? "pacman" : undefined;
}

/** Debian 13 dropped adduser from what is always there; ubi-minimal and -micro come without shadow-utils. */
function userToolsOf(
  family: BaseFamily,
  suite: string | undefined,
  minimal: boolean,
  ubuntu: boolean,
): BaseFacts["userTools"] {
  if (family === "debian")
    return ubuntu || suite === undefined || ["jessie", "stretch", "buster", "bullseye", "bookworm"].includes(suite)
      ? ["shadow", "debian-adduser"]
      : ["shadow"];
  if (family === "alpine" || family === "busybox" || family === "wolfi") return ["busybox"];
  if (family === "rhel") return minimal ? [] : ["shadow"];
  return family === "arch" || family === "suse" ? ["shadow"] : [];
}

function toolsOf(family: BaseFamily, compilers: boolean, minimal: boolean): readonly string[] {
  switch (family) {
    case "debian":
      return [
        "sh",
        "bash",
        "perl",
        "tar",
        ...(compilers ? ["curl", "wget", "git", "gcc", "g++", "make", "python3", "unzip", "ps"] : []),
      ];
    case "alpine":
    case "busybox":
    case "wolfi":
      return ["sh", "ash", "wget", "tar", "unzip", "ps", "nc", "vi"];
    case "rhel":
      return ["sh", "bash", "curl", ...(minimal ? [] : ["tar"])];
    case "suse":
      return ["sh", "bash", "curl"];
    default:
      return [];
  }
}

function absentFrom(family: BaseFamily, lean: boolean, tools: readonly string[]): readonly string[] {
  const without: Readonly<Partial<Record<BaseFamily, readonly string[]>>> = {
    alpine: ["bash", "curl", "git", "python3", "perl", "gcc", "make", "sudo", "useradd", "groupadd", "usermod"],
    busybox: ["bash", "curl", "git", "python3", "perl", "gcc", "make", "sudo", "useradd", "groupadd", "usermod"],
    distroless: ["sh", "bash", "curl", "wget", "git", "perl", "gcc", "make", "sudo"],
    debian: lean ? ["curl", "wget", "git", "python3", "gcc", "make", "sudo", "unzip", "ps", "nc"] : ["sudo"],
  };
  return (without[family] ?? []).filter((tool) => !tools.includes(tool));
}
