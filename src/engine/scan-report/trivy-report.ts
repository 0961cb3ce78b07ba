import { endOfLifeOf, isPastEnd, type MatchState, type StatedSeverity } from "../../advisories/index.ts";
import { formatPurl, parsePurl } from "../../packages/index.ts";
import type { ScannedMatch, ScannedPackage, ScannedRelease, SuppressedMatch } from "../../report/index.ts";
import { type Json, numberOf, objectOf, objectsOf, textOf, textsOf } from "../json-value.ts";
import { trivyStatuses } from "../scan-policy/trivy-statuses.ts";
import { dayOfTime, type ForeignReport, historyOf, mostOfReport, severityOf } from "./foreign-report.ts";

/** Whether JSON is a report of Trivy's (`--format json`, schema version 2). */
export function isTrivyReport(document: Json): boolean {
  return document["SchemaVersion"] === 2 && textOf(document["ArtifactType"]) !== undefined;
}

/** Trivy's report: packages and vulnerabilities of all its results; other findings are its own affair. */
export function readTrivyReport(document: Json, today: string): ForeignReport {
  const metadata = objectOf(document["Metadata"]);
  const config = objectOf(metadata["ImageConfig"]);
  const listed = textsOf(metadata["DiffIDs"]);
  const layers = listed.length > 0 ? listed : textsOf(objectOf(config["rootfs"])["diff_ids"]);
  const layerOf = new Map(layers.map((diffId, index) => [diffId, index]));
  const packages = new Map<string, ScannedPackage>();
  const matches = new Map<string, ScannedMatch>();
  const suppressed: SuppressedMatch[] = [];
  for (const result of objectsOf(document["Results"])) {
    const type = textOf(result["Type"]) ?? "";
    for (const said of objectsOf(result["Packages"])) add(packages, packageOf(said, result, type, layerOf));
    for (const said of objectsOf(result["Vulnerabilities"])) {
      const match = matchOf(said, result, type, layerOf, packages);
      if (match && matches.size < mostOfReport) matches.set(`${match.purl}\t${match.id}`, match);
    }
    for (const said of objectsOf(result["ExperimentalModifiedFindings"]).slice(0, mostOfReport)) {
      const match = matchOf(objectOf(said["Finding"]), result, type, layerOf, packages);
      const why = textOf(said["Statement"]);
      const by = textOf(said["Source"]) ?? "trivy";
      const reason = /vex/i.test(by) || textOf(said["Status"]) === "not_affected" ? "vex" : "ignored";
      if (match) suppressed.push({ ...match, suppression: { reason, by, ...(why === undefined ? {} : { why }) } });
    }
  }
  const digest = textsOf(metadata["RepoDigests"])[0]?.split("@")[1] ?? textOf(metadata["ImageID"]);
  const platform = [textOf(config["os"]), textOf(config["architecture"])].filter(Boolean).join("/");
  const release = releaseOf(objectOf(metadata["OS"]), today);
  return {
    scanner: "trivy",
    target: {
      kind: document["ArtifactType"] === "container_image" ? "image" : "directory",
      reference: textOf(document["ArtifactName"]) ?? "",
      layers,
      ...(digest === undefined ? {} : { digest }),
      ...(platform === "" ? {} : { platform }),
    },
    ...(release ? { release } : {}),
    asOf: dayOfTime(textOf(document["CreatedAt"])),
    revision: textOf(objectOf(document["Trivy"])["Version"]) ?? "",
    packages: [...packages.values()],
    matches: [...matches.values()],
    suppressed,
    history: historyOf(config),
    gaps: [],
  };
}

function releaseOf(os: Json, today: string): ScannedRelease | undefined {
  const [family, name] = [textOf(os["Family"]), textOf(os["Name"])];
  if (family === undefined || name === undefined) return undefined;
  const release =
    family === "debian" || family === "redhat" ? (name.split(".")[0] ?? name) : name.split(".").slice(0, 2).join(".");
  const end = endOfLifeOf(family, release);
  const pastEnd = os["EOSL"] === true || (end !== undefined && isPastEnd(end, today));
  return { family, name: `${family} ${name}`, release, pastEnd, ...(end ? { endOfLife: end.until } : {}) };
}

/** Trivy's types of results, where the report has no package URL (before 0.49). */
const purlTypes: Readonly<Record<string, string>> = {
  debian: "deb",
  ubuntu: "deb",
  alpine: "apk",
  wolfi: "apk",
  chainguard: "apk",
  "node-pkg": "npm",
  npm: "npm",
  yarn: "npm",
  pnpm: "npm",
  "python-pkg": "pypi",
  pip: "pypi",
  poetry: "pypi",
  pipenv: "pypi",
  uv: "pypi",
  gobinary: "golang",
  gomod: "golang",
  jar: "maven",
  pom: "maven",
  gradle: "maven",
  gemspec: "gem",
  bundler: "gem",
  rustbinary: "cargo",
  cargo: "cargo",
  "composer-vendor": "composer",
  composer: "composer",
  "dotnet-core": "nuget",
  nuget: "nuget",
  "conda-pkg": "conda",
};

function identify(purl: unknown, name: string, version: string, type: string): { purl: string; type: string } {
  const known = textOf(objectOf(purl)["PURL"]);
  const parsed = known === undefined ? undefined : parsePurl(known);
  if (parsed) return { purl: formatPurl(parsed), type: parsed.type };
  const kind = Object.hasOwn(purlTypes, type)
    ? (purlTypes[type] ?? "generic")
    : /^[a-z]+$/.test(type)
      ? "rpm"
      : "generic";
  const os = ["deb", "apk", "rpm"].includes(kind);
  const slash = name.lastIndexOf("/");
  const namespace = os ? type : slash > 0 ? name.slice(0, slash) : undefined;
  const bare = os || slash < 0 ? name : name.slice(slash + 1);
  return { purl: formatPurl({ type: kind, namespace, name: bare, version }), type: kind };
}

function add(packages: Map<string, ScannedPackage>, one: ScannedPackage | undefined): void {
  if (one && packages.size < mostOfReport && !packages.has(one.purl)) packages.set(one.purl, one);
}

function packageOf(
  said: Json,
  result: Json,
  type: string,
  layerOf: ReadonlyMap<string, number>,
): ScannedPackage | undefined {
  const name = textOf(said["Name"]);
  const number = textOf(said["Version"]) ?? "";
  if (name === undefined) return undefined;
  const [epoch, release] = [numberOf(said["Epoch"]) ?? 0, textOf(said["Release"])];
  const version = `${epoch > 0 ? `${epoch}:` : ""}${number}${release === undefined ? "" : `-${release}`}`;
  const source = textOf(said["SrcName"]);
  const arch = textOf(said["Arch"]);
  return {
    ...identify(said["Identifier"], name, version, type),
    name,
    version,
    licenses: textsOf(said["Licenses"]),
    files: [textOf(said["FilePath"]) ?? fileOf(result)].flatMap((file) => file ?? []),
    ...(arch === undefined ? {} : { arch }),
    ...(source === undefined ? {} : { source: { name: source, version: textOf(said["SrcVersion"]) ?? version } }),
    ...placeOf(said, layerOf),
  };
}

/** A result of a language is named after its file, one of the system after the image. */
function fileOf(result: Json): string | undefined {
  return result["Class"] === "lang-pkgs" ? textOf(result["Target"]) : undefined;
}

function placeOf(said: Json, layerOf: ReadonlyMap<string, number>): { layerIndex?: number } {
  const layerIndex = layerOf.get(textOf(objectOf(said["Layer"])["DiffID"]) ?? "");
  return layerIndex === undefined ? {} : { layerIndex };
}

function matchOf(
  said: Json,
  result: Json,
  type: string,
  layerOf: ReadonlyMap<string, number>,
  packages: Map<string, ScannedPackage>,
): ScannedMatch | undefined {
  const [id, name] = [textOf(said["VulnerabilityID"]), textOf(said["PkgName"])];
  if (id === undefined || name === undefined) return undefined;
  const version = textOf(said["InstalledVersion"]) ?? "";
  const identity = identify(said["PkgIdentifier"], name, version, type);
  const place = placeOf(said, layerOf);
  const file = textOf(said["PkgPath"]) ?? fileOf(result);
  // Without --list-all-pkgs the report names packages by their vulnerabilities alone.
  add(packages, { ...identity, name, version, licenses: [], files: file === undefined ? [] : [file], ...place });
  const source = objectOf(said["DataSource"]);
  const fixedIn = textOf(said["FixedVersion"]);
  const status = textOf(said["Status"]) ?? "";
  const known: MatchState | undefined = Object.hasOwn(trivyStatuses, status) ? trivyStatuses[status] : undefined;
  const level = severityOf(textOf(said["Severity"]));
  const severities = statedOf(said);
  const decided = textOf(said["SeveritySource"]) ?? textOf(source["ID"]) ?? "trivy";
  const scored = severities.find((one) => one.source === decided && one.vector !== undefined);
  const [url, summary] = [textOf(said["PrimaryURL"]), textOf(said["Title"])];
  return {
    id,
    aliases: textsOf(said["VendorIDs"]).toSorted(),
    advisories: [
      {
        id,
        aliases: [],
        upstream: [],
        severities,
        affected: [],
        ...(url === undefined ? {} : { url }),
        ...(summary === undefined ? {} : { summary }),
      },
    ],
    because: {
      ecosystem: textOf(source["ID"]) ?? type,
      name,
      version,
      scheme: "trivy",
      comparison:
        fixedIn === undefined ? `trivy says that ${version} is affected` : `${version} < ${fixedIn}, says trivy`,
    },
    state: fixedIn === undefined ? (known ?? "affected") : "fixed",
    severities,
    purl: identity.purl,
    name,
    version,
    level: level ?? "unknown",
    ...(fixedIn === undefined ? {} : { fixedIn }),
    ...(level === undefined
      ? {}
      : {
          severity: {
            severity: level,
            source: decided,
            by: "word" as const,
            ...(scored?.score === undefined ? {} : { score: scored.score }),
            ...(scored?.vector === undefined ? {} : { vector: scored.vector }),
          },
        }),
    ...place,
  };
}

const levels = [undefined, "low", "medium", "high", "critical"] as const;

/** `VendorSeverity` counts from 1, low, to 4, critical; `CVSS` has vectors by source. */
function statedOf(said: Json): readonly StatedSeverity[] {
  const words = objectOf(said["VendorSeverity"]);
  const scores = objectOf(said["CVSS"]);
  return [...new Set([...Object.keys(words), ...Object.keys(scores)])]
    .sort()
    .slice(0, 64)
    .map((source) => {
      const severity = levels[numberOf(words[source]) ?? 0];
      const cvss = objectOf(scores[source]);
      const vector = textOf(cvss["V40Vector"]) ?? textOf(cvss["V3Vector"]) ?? textOf(cvss["V2Vector"]);
      const score = numberOf(cvss["V40Score"]) ?? numberOf(cvss["V3Score"]) ?? numberOf(cvss["V2Score"]);
      return {
        source,
        ...(severity === undefined ? {} : { severity }),
        ...(vector === undefined ? {} : { vector }),
        ...(score === undefined ? {} : { score }),
      };
    });
}
