import { escapeLine } from "../escape.ts";
import type { ScanDocument, ScannedMatch, ScannedPackage } from "../scan-document.ts";
import { linksOf, sourceOfId } from "../scan-links.ts";
import type { ScanReporter } from "../scan-reporter.ts";
import { momentOf } from "../scan-sbom/bill.ts";
import { nameUuid } from "../scan-sbom/uuid.ts";

const severities = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
  info: "Info",
  unknown: "Unknown",
} as const;
const home = "https://github.com/plimsoll/plimsoll";

/** The format knows CVSS 2 and 3 alone: with a vector of CVSS 4 GitLab takes nothing of the report. */
const cvss3 = /^CVSS:3\.[01]\/(?=.{23,119}$)[A-Z]{1,3}:[A-Z](?:\/[A-Z]{1,3}:[A-Z])*$/;

/** GitLab's container scanning report, version 15 of its format. */
export const gitlab: ScanReporter = {
  id: "gitlab",
  summary: "GitLab's container scanning report",
  render(document, { timestamp }) {
    const { tool, gaps, matches, packages } = document;
    const moment = (momentOf(document, timestamp) ?? "1970-01-01T00:00:00Z").slice(0, 19);
    const program = { id: tool.name, name: "Plimsoll", url: home, version: tool.version, vendor: { name: "Plimsoll" } };
    const byPurl = new Map(packages.map((one) => [one.purl, one]));
    const report = {
      version: "15.0.7",
      scan: {
        analyzer: program,
        scanner: program,
        type: "container_scanning",
        start_time: moment,
        end_time: moment,
        status: "success",
        ...(gaps.length > 0
          ? {
              messages: gaps.map(({ subject, reason }) => ({
                level: "warn",
                value: limited(`not examined: ${subject}: ${reason}`, 1000),
              })),
            }
          : {}),
      },
      vulnerabilities: matches.map((match) => vulnerabilityOf(match, byPurl.get(match.purl), document)),
      remediations: [],
    };
    return `${JSON.stringify(report, null, 2)}\n`;
  },
};

function vulnerabilityOf(match: ScannedMatch, one: ScannedPackage | undefined, document: ScanDocument): object {
  const { id, aliases, name, version, level, fixedIn, state, purl, severity, origin } = match;
  const { target, release } = document;
  const summary = match.advisories.find((advisory) => advisory.summary)?.summary;
  const links = linksOf(id, match.advisories);
  const remedy = fixedIn === undefined ? `No fix: ${state.replaceAll("-", " ")}` : `Upgrade ${name} to ${fixedIn}`;
  const line =
    origin?.kind === "instruction" && origin.at.kind === "source" ? `${origin.at.path}:${origin.line}` : undefined;
  return {
    id: nameUuid(`gitlab\n${target.reference}\n${purl}\n${id}`),
    name: limited(`${id} in ${name}`, 255),
    description: limited(summary ?? `${name} ${version} has ${id}`, 10_000),
    severity: severities[level],
    solution: limited(remedy, 7000),
    identifiers: [id, ...aliases].slice(0, 20).map((one) => identifierOf(one)),
    ...(links.length > 0 ? { links: links.map((url) => ({ url })) } : {}),
    ...(severity?.vector !== undefined && cvss3.test(severity.vector)
      ? { cvss_vectors: [{ vendor: limited(severity.source, 255), vector: severity.vector }] }
      : {}),
    location: {
      dependency: { package: { name: limited(name, 255) }, version: limited(version, 255) },
      operating_system: limited(release ? `${release.family} ${release.release}`.trim() : "unknown", 255),
      image: limited(target.reference || "unknown", 1000),
    },
    details: {
      package: { type: "text", name: "Package", value: limited(purl, 1000) },
      ...(one?.files[0] === undefined
        ? {}
        : { file: { type: "text", name: "Found in", value: limited(one.files[0], 1000) } }),
      ...(line === undefined ? {} : { line: { type: "text", name: "Brought in by", value: limited(line, 1000) } }),
    },
  };
}

function identifierOf(id: string): object {
  const { url } = sourceOfId(id);
  const type = (/^[A-Za-z]+/.exec(id)?.[0] ?? "other").toLowerCase();
  return { type, name: limited(id, 255), value: limited(id, 255), ...(url === undefined ? {} : { url }) };
}

/** On one line, and no longer than the format takes. */
function limited(text: string, most: number): string {
  const shown = escapeLine(text);
  return shown.length > most ? `${shown.slice(0, most - 1)}…` : shown;
}
