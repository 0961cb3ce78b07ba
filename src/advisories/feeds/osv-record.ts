import type { Severity } from "../../core/index.ts";
import type { Advisory, Affected, RangeEvent, StatedSeverity, VersionRange } from "../advisory.ts";
import { dayIn, type JsonObject, listIn, objectIn, textIn, textsIn } from "./json.ts";

/** In one record. A kernel CVE has some hundreds of packages, a popular library some thousands of versions. */
const limits = { ids: 2000, affected: 20_000, versions: 20_000, ranges: 2000, events: 4000 };
const lengths = { id: 100, name: 500, version: 500, vector: 400, summary: 300 };

/**
 * An OSV record (schema 1.x) reduced to its facts. Parts that are not what the schema says are left out; a record without an
 * id or an affected package is undefined. GIT ranges are skipped, exact versions beside them stand.
 */
export function advisoryFromOsv(value: unknown): Advisory | undefined {
  const record = objectIn(value);
  const id = textIn(record["id"], lengths.id);
  if (id === undefined) return undefined;
  const source = sourceOf(id);
  const affected = listIn(record["affected"], limits.affected).flatMap(
    (item) => affectedFrom(objectIn(item), source) ?? [],
  );
  if (affected.length === 0) return undefined;
  const summary = textIn(record["summary"], 1 << 16)?.slice(0, lengths.summary);
  const published = dayIn(record["published"]);
  const modified = dayIn(record["modified"]) ?? published;
  const withdrawn = dayIn(record["withdrawn"]) ?? (isRejected(record["details"]) ? modified : undefined);
  return {
    id,
    aliases: textsIn(record["aliases"], limits.ids, lengths.id),
    upstream: textsIn(record["upstream"], limits.ids, lengths.id),
    ...(summary === undefined ? {} : { summary }),
    severities: [
      ...wordOf(objectIn(record["database_specific"])["severity"], source),
      ...severitiesFrom(record["severity"], source),
      ...scoresFrom(objectIn(record["database_specific"]), source),
    ],
    affected,
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
  };
}

function affectedFrom(item: JsonObject, source: string): Affected | undefined {
  const about = objectIn(item["package"]);
  const ecosystem = textIn(about["ecosystem"], lengths.name);
  const name = textIn(about["name"], lengths.name);
  if (ecosystem === undefined || name === undefined) return undefined;
  const specific = objectIn(item["ecosystem_specific"]);
  const database = objectIn(item["database_specific"]);
  const bound = lastKnown(database["last_known_affected_version_range"]);
  const ranges = listIn(item["ranges"], limits.ranges).flatMap((range) => rangeFrom(objectIn(range), bound) ?? []);
  const versions = textsIn(item["versions"], limits.versions, lengths.version);
  if (ranges.length === 0 && versions.length === 0) return undefined;
  const fixable = ranges.some(({ events }) => events.some((event) => "fixed" in event));
  const state = fixable ? undefined : stateFrom(ecosystem, specific);
  const severities = [
    ...severitiesFrom(item["severity"], source),
    ...(ecosystem.startsWith("Debian") ? urgencyOf(specific["urgency"]) : []),
    ...informational(database["informational"], source),
  ];
  const imports = listIn(specific["imports"], 1000).map(objectIn);
  const goos = everyImports(imports, "goos");
  const arches = imports.length > 0 ? everyImports(imports, "goarch") : packageArches(specific, about);
  return {
    ecosystem,
    name,
    ranges,
    versions,
    ...(state === undefined ? {} : { state }),
    ...(severities.length === 0 ? {} : { severities }),
    ...(goos.length === 0 ? {} : { goos }),
    ...(arches.length === 0 ? {} : { arches }),
  };
}

function rangeFrom(range: JsonObject, bound: RangeEvent | undefined): VersionRange | undefined {
  if (range["type"] !== "ECOSYSTEM" && range["type"] !== "SEMVER") return undefined;
  const events = listIn(range["events"], limits.events).flatMap((event) => eventsFrom(objectIn(event)));
  if (!events.some((event) => "introduced" in event)) return undefined;
  const open = !events.some((event) => "fixed" in event || "lastAffected" in event || "limit" in event);
  return { events: open && bound ? [...events, bound] : events };
}

function eventsFrom(event: JsonObject): readonly RangeEvent[] {
  const at = (key: string): string | undefined => textIn(event[key], lengths.version);
  const introduced = at("introduced");
  const fixed = at("fixed");
  const lastAffected = at("last_affected");
  const limit = at("limit");
  return [
    ...(introduced === undefined ? [] : [{ introduced }]),
    ...(fixed === undefined ? [] : [{ fixed }]),
    ...(lastAffected === undefined ? [] : [{ lastAffected }]),
    ...(limit === undefined || limit === "*" ? [] : [{ limit }]),
  ];
}

/** GitHub's advisories leave a range open and say beside it up to where it is known: "<= 1.2.3", "< 2". */
function lastKnown(value: unknown): RangeEvent | undefined {
  const stated = /^(<=?) ?(\S{1,100})$/.exec(textIn(value, 200) ?? "");
  if (!stated?.[2]) return undefined;
  return stated[1] === "<=" ? { lastAffected: stated[2] } : { limit: stated[2] };
}

/** Why there is no fix. */
function stateFrom(ecosystem: string, specific: JsonObject): Affected["state"] {
  if (ecosystem.startsWith("Debian") && specific["urgency"] === "end-of-life") return "end-of-life";
  switch (specific["status"]) {
    case "fix-not-planned":
      return "will-not-fix";
    case "detection":
      return "under-investigation";
    case "pending-upstream-fix":
    case "true-positive-determination":
      return "affected";
    default:
      return undefined;
  }
}

/** What every import is limited to; one that is not limited frees them all. */
function everyImports(imports: readonly JsonObject[], key: "goos" | "goarch"): readonly string[] {
  const stated = imports.map((item) => textsIn(item[key], 50, 50));
  return stated.some((values) => values.length === 0) ? [] : [...new Set(stated.flat())].sort();
}

/** Distributions that build for some machines alone say so in fields of their own, or in the package URL. */
function packageArches(specific: JsonObject, about: JsonObject): readonly string[] {
  const listed = [...textsIn(specific["arches"], 50, 50), ...textsIn(specific["arch"], 50, 50)];
  const one =
    textIn(specific["arch"], 50) ?? /[?&]arch=([a-z0-9_]{1,20})(?:&|$)/.exec(textIn(about["purl"], 500) ?? "")?.[1];
  const all = [...new Set([...listed, ...(one === undefined ? [] : [one])])].sort();
  // What is said of the source, or of what fits all, is limited to nothing.
  return all.some((arch) => arch === "src" || arch === "source" || arch === "noarch" || arch === "all") ? [] : all;
}

/** Whose record it is, from its id. */
export function sourceOf(id: string): string {
  const prefix = /^[A-Z]+(?=-)/.exec(id)?.[0] ?? "";
  const known: Readonly<Record<string, string>> = {
    GHSA: "ghsa",
    PYSEC: "pypa",
    RUSTSEC: "rustsec",
    GO: "go",
    NSWG: "nodejs-security-wg",
    OSVDB: "rubysec",
    DEBIAN: "debian",
    DSA: "debian",
    DLA: "debian",
    UBUNTU: "ubuntu",
    USN: "ubuntu",
    ALPINE: "alpine",
    CGA: "wolfi",
  };
  return known[prefix] ?? "osv";
}

/** CVSS vectors, and the priorities of distributions that use the same field. */
function severitiesFrom(value: unknown, source: string): readonly StatedSeverity[] {
  return listIn(value, 20).flatMap((item): readonly StatedSeverity[] => {
    const { type, score } = objectIn(item);
    const text = textIn(score, lengths.vector);
    if (text === undefined) return [];
    if (type === "CVSS_V2" || type === "CVSS_V3" || type === "CVSS_V4") return [{ source, vector: text }];
    return type === "Ubuntu" ? wordOf(text, "ubuntu") : [];
  });
}

/** Scores that stand without a vector. */
function scoresFrom(database: JsonObject, source: string): readonly StatedSeverity[] {
  for (const key of ["cvss_v4", "cvss_v3", "cvss_score", "cvss_v2"]) {
    const score = database[key];
    if (typeof score === "number" && score >= 0 && score <= 10)
      return [{ source: source === "osv" || source === "ghsa" ? "rubysec" : source, score }];
  }
  return [];
}

const words: Readonly<Record<string, Severity>> = {
  critical: "critical",
  high: "high",
  important: "high",
  moderate: "medium",
  medium: "medium",
  low: "low",
  negligible: "low",
  unimportant: "low",
};

export function wordOf(value: unknown, source: string): readonly StatedSeverity[] {
  const severity = typeof value === "string" ? words[value.toLowerCase()] : undefined;
  return severity === undefined ? [] : [{ source, severity }];
}

/** RustSec also tells of crates that nobody maintains any more: worth knowing, and no vulnerability. */
function informational(value: unknown, source: string): readonly StatedSeverity[] {
  return value === "unmaintained" || value === "notice" ? [{ source, severity: "info" }] : [];
}

/** A CVE that was taken back says so in its text. */
function isRejected(details: unknown): boolean {
  return typeof details === "string" && /^(?:\*\* ?REJECT|Rejected reason:)/i.test(details);
}

/** Debian's urgency; "not yet assigned" and "end-of-life" say nothing of how bad it is. */
export function urgencyOf(value: unknown): readonly StatedSeverity[] {
  return wordOf(typeof value === "string" ? value.replace(/\*+$/, "") : value, "debian");
}
