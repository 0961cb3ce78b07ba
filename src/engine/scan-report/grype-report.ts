import { endOfLifeOf, isPastEnd, type MatchState } from "../../advisories/index.ts";
import { formatPurl, parsePurl } from "../../packages/index.ts";
import type { ScannedMatch, ScannedPackage, ScannedRelease, SuppressedMatch } from "../../report/index.ts";
import { type Json, numberOf, objectOf, objectsOf, parseJson, textOf, textsOf } from "../json-value.ts";
import { dayOfTime, type ForeignReport, historyOf, mostOfReport, severityOf } from "./foreign-report.ts";

/** Whether JSON is a report of Grype's (`-o json`). */
export function isGrypeReport(document: Json): boolean {
  return Array.isArray(document["matches"]) && textOf(objectOf(document["descriptor"])["name"]) === "grype";
}

/** Grype's report: its matches, and those that its rules or VEX documents hold back. */
export function readGrypeReport(document: Json, today: string): ForeignReport {
  const source = objectOf(document["source"]);
  const target = objectOf(source["target"]);
  const config = objectOf(parseJson(decoded(target["config"])));
  const listed = objectsOf(target["layers"]).flatMap(({ digest }) => textOf(digest) ?? []);
  const diffIds = textsOf(objectOf(config["rootfs"])["diff_ids"]);
  const layers = listed.length > 0 ? listed : diffIds;
  const layerOf = new Map(layers.map((digest, index) => [digest, index]));
  const packages = new Map<string, ScannedPackage>();
  const matches = new Map<string, ScannedMatch>();
  for (const said of objectsOf(document["matches"])) {
    const match = matchOf(said, layerOf, packages);
    if (match && matches.size < mostOfReport) matches.set(`${match.purl}\t${match.id}`, match);
  }
  const suppressed = objectsOf(document["ignoredMatches"])
    .slice(0, mostOfReport)
    .flatMap((said): SuppressedMatch[] => {
      const match = matchOf(said, layerOf, packages);
      const rule = objectsOf(said["appliedIgnoreRules"])[0] ?? {};
      const why = textOf(rule["reason"]) ?? textOf(rule["vex-justification"]);
      const reason = textOf(rule["vex-status"]) === undefined ? "ignored" : "vex";
      return match
        ? [
            {
              ...match,
              suppression: { reason, by: textOf(rule["namespace"]) ?? "grype", ...(why === undefined ? {} : { why }) },
            },
          ]
        : [];
    });
  const release = releaseOf(objectOf(document["distro"]), today);
  const digest = textOf(target["manifestDigest"]) ?? textOf(target["imageID"]);
  const platform = [textOf(target["os"]), textOf(target["architecture"])].filter(Boolean).join("/");
  const descriptor = objectOf(document["descriptor"]);
  const database = objectOf(descriptor["db"]);
  const built = textOf(objectOf(database["status"])["built"]) ?? textOf(database["built"]);
  return {
    scanner: "grype",
    target: {
      kind: source["type"] === "image" ? "image" : "directory",
      reference: textOf(target["userInput"]) ?? textOf(source["target"]) ?? "",
      layers,
      ...(digest === undefined ? {} : { digest }),
      ...(platform === "" ? {} : { platform }),
    },
    ...(release ? { release } : {}),
    asOf: dayOfTime(built ?? textOf(descriptor["timestamp"])),
    revision: textOf(descriptor["version"]) ?? "",
    packages: [...packages.values()],
    matches: [...matches.values()],
    suppressed,
    history: historyOf(config),
    gaps: [],
  };
}

/** The image's configuration travels as base64. */
function decoded(value: unknown): string {
  const text = textOf(value) ?? "";
  return text.length > 16 << 20 ? "" : Buffer.from(text, "base64").toString("utf8");
}

function releaseOf(distro: Json, today: string): ScannedRelease | undefined {
  const [family, version] = [textOf(distro["name"]), textOf(distro["version"]) ?? ""];
  if (family === undefined) return undefined;
  const release =
    family === "debian" || family === "redhat"
      ? (version.split(".")[0] ?? "")
      : version.split(".").slice(0, 2).join(".");
  const end = endOfLifeOf(family, release);
  return {
    family,
    name: `${family} ${version}`.trim(),
    release,
    pastEnd: end !== undefined && isPastEnd(end, today),
    ...(end ? { endOfLife: end.until } : {}),
  };
}

const states: Readonly<Record<string, MatchState>> = {
  fixed: "fixed",
  "not-fixed": "affected",
  "wont-fix": "will-not-fix",
  unknown: "affected",
};

function matchOf(
  said: Json,
  layerOf: ReadonlyMap<string, number>,
  packages: Map<string, ScannedPackage>,
): ScannedMatch | undefined {
  const vulnerability = objectOf(said["vulnerability"]);
  const artifact = objectOf(said["artifact"]);
  const [stated, name] = [textOf(vulnerability["id"]), textOf(artifact["name"])];
  if (stated === undefined || name === undefined) return undefined;
  const version = textOf(artifact["version"]) ?? "";
  const related = objectsOf(said["relatedVulnerabilities"]).flatMap(({ id }) => textOf(id) ?? []);
  const ids = [...new Set([stated, ...related])];
  // Grype shows GitHub's id where the match came from there; people ask by CVE.
  const cves = ids.filter((one) => one.startsWith("CVE-"));
  const id = stated.startsWith("CVE-") || cves.length !== 1 ? stated : (cves[0] ?? stated);
  const one = packageOf(artifact, name, version, layerOf);
  if (packages.size < mostOfReport && !packages.has(one.purl)) packages.set(one.purl, one);
  const fix = objectOf(vulnerability["fix"]);
  const state = textOf(fix["state"]) ?? "";
  const fixedIn = state === "fixed" ? textsOf(fix["versions"])[0] : undefined;
  const level = severityOf(textOf(vulnerability["severity"]));
  const namespace = textOf(vulnerability["namespace"]) ?? "grype";
  const source = namespace.split(":")[0] ?? namespace;
  const cvss = objectsOf(vulnerability["cvss"]).slice(0, 16);
  const severities = cvss.map((said_) => {
    const vector = textOf(said_["vector"]);
    const score = numberOf(objectOf(said_["metrics"])["baseScore"]);
    return {
      source: textOf(said_["source"])?.split("@").at(-1)?.replace("nist.gov", "nvd") ?? source,
      ...(vector === undefined ? {} : { vector }),
      ...(score === undefined ? {} : { score }),
    };
  });
  const constraint = objectsOf(said["matchDetails"]).flatMap(
    (detail) => textOf(objectOf(detail["found"])["versionConstraint"]) ?? [],
  )[0];
  const [url, summary] = [textOf(vulnerability["dataSource"]), textOf(vulnerability["description"])];
  return {
    id,
    aliases: ids.filter((other) => other !== id).sort(),
    advisories: [
      {
        id: stated,
        aliases: related.filter((other) => other !== stated),
        upstream: [],
        severities,
        affected: [],
        ...(url === undefined ? {} : { url }),
        ...(summary === undefined ? {} : { summary }),
      },
    ],
    because: {
      ecosystem: namespace,
      name,
      version,
      scheme: "grype",
      comparison: `${version} fits "${constraint ?? "any version"}", says grype`,
    },
    state:
      fixedIn === undefined
        ? Object.hasOwn(states, state) && state !== "fixed"
          ? (states[state] ?? "affected")
          : "affected"
        : "fixed",
    severities,
    purl: one.purl,
    name,
    version,
    level: level ?? "unknown",
    ...(fixedIn === undefined ? {} : { fixedIn }),
    ...(level === undefined ? {} : { severity: { severity: level, source, by: "word" as const } }),
    ...factsOf(vulnerability),
    ...(one.layerIndex === undefined ? {} : { layerIndex: one.layerIndex }),
  };
}

function factsOf(vulnerability: Json): Pick<ScannedMatch, "exploited" | "epss"> {
  const known = objectsOf(vulnerability["knownExploited"])[0];
  const epss = objectsOf(vulnerability["epss"])[0];
  const [probability, percentile] = [numberOf(epss?.["epss"]), numberOf(epss?.["percentile"])];
  return {
    ...(known
      ? {
          exploited: {
            since: textOf(known["dateAdded"])?.slice(0, 10) ?? "",
            byRansomware: textOf(known["knownRansomwareCampaignUse"])?.toLowerCase() === "known",
          },
        }
      : {}),
    ...(probability === undefined || percentile === undefined ? {} : { epss: { probability, percentile } }),
  };
}

function packageOf(
  artifact: Json,
  name: string,
  version: string,
  layerOf: ReadonlyMap<string, number>,
): ScannedPackage {
  const parsed = parsePurl(textOf(artifact["purl"]) ?? "");
  const type = parsed?.type ?? "generic";
  const locations = objectsOf(artifact["locations"]);
  const layers = locations.flatMap(({ layerID }) => layerOf.get(textOf(layerID) ?? "") ?? []);
  const upstream = objectsOf(artifact["upstreams"])[0];
  return {
    purl: parsed ? formatPurl(parsed) : formatPurl({ type, name, version }),
    type,
    name,
    version,
    licenses: textsOf(artifact["licenses"]),
    files: locations.flatMap(({ path }) => textOf(path)?.replace(/^\/+/, "") ?? []),
    ...(upstream
      ? { source: { name: textOf(upstream["name"]) ?? name, version: textOf(upstream["version"]) ?? version } }
      : {}),
    ...(layers.length > 0 ? { layerIndex: Math.min(...layers) } : {}),
  };
}
