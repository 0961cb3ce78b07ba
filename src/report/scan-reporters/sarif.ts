import { fingerprint } from "../../core/index.ts";
import { codeSpan, escapeLine, escapeMarkdown } from "../escape.ts";
import type { ScanDocument, ScannedMatch, ScannedPackage, SuppressedMatch } from "../scan-document.ts";
import { linksOf } from "../scan-links.ts";
import type { ScanReporter } from "../scan-reporter.ts";

const levels = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
  unknown: "warning",
} as const;
/** GitHub's scale for security findings, where nobody gives a score. */
const scores = { critical: 9.5, high: 8, medium: 5.5, low: 2, info: 0, unknown: 0 } as const;
const home = "https://github.com/plimsoll/plimsoll";

/** SARIF 2.1.0 (OASIS): a result for each match, a rule for each vulnerability. */
export const sarif: ScanReporter = {
  id: "sarif",
  summary: "SARIF 2.1.0, for code scanning",
  render(document, { showSuppressed }) {
    const shown: readonly (ScannedMatch | SuppressedMatch)[] = [
      ...document.matches,
      ...(showSuppressed ? document.suppressed : []),
    ];
    const byId = new Map<string, ScannedMatch[]>();
    for (const match of shown) {
      const same = byId.get(match.id);
      if (same) same.push(match);
      else byId.set(match.id, [match]);
    }
    const indexes = new Map([...byId.keys()].sort().map((id, index) => [id, index]));
    const packages = new Map(document.packages.map((one) => [one.purl, one]));
    const run = {
      tool: {
        driver: {
          name: document.tool.name,
          semanticVersion: document.tool.version,
          informationUri: home,
          rules: [...indexes.keys()].map((id) => ruleOf(id, byId.get(id) ?? [])),
        },
      },
      columnKind: "utf16CodeUnits",
      invocations: [
        {
          executionSuccessful: document.gaps.length === 0,
          toolExecutionNotifications: document.gaps.map(({ subject, reason }) => ({
            level: "warning",
            message: { text: escapeLine(`${subject}: ${reason}`) },
          })),
        },
      ],
      results: shown.map((match) => resultOf(match, indexes.get(match.id) ?? 0, document, packages.get(match.purl))),
    };
    return `${JSON.stringify({ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }, null, 2)}\n`;
  },
};

function ruleOf(id: string, matches: readonly ScannedMatch[]): object {
  const advisories = matches.flatMap((match) => match.advisories);
  const summary = escapeLine(advisories.find((advisory) => advisory.summary)?.summary ?? id);
  const links = linksOf(id, advisories);
  const aliases = [...new Set(matches.flatMap((match) => match.aliases))].sort();
  const names = [...new Set(matches.map(({ name }) => name))].sort();
  const score = matches.reduce((most, { severity, level }) => Math.max(most, severity?.score ?? scores[level]), 0);
  const exploited = matches.some((match) => match.exploited);
  const help = `${summary}\nFound in: ${names.map(escapeLine).join(", ")}\n${links.join("\n")}`;
  const markdown = [
    escapeMarkdown(summary),
    `Found in: ${names.map(codeSpan).join(", ")}`,
    ...(aliases.length > 0 ? [`Also known as ${aliases.map(codeSpan).join(", ")}`] : []),
    ...links.map((link) => `- <${link}>`),
  ].join("\n\n");
  return {
    id: escapeLine(id),
    shortDescription: { text: `${escapeLine(id)}: ${summary}` },
    fullDescription: { text: summary },
    help: { text: help.trimEnd(), markdown },
    ...(links[0] === undefined ? {} : { helpUri: links[0] }),
    defaultConfiguration: { level: levels[matches[0]?.level ?? "unknown"] },
    properties: {
      tags: ["security", "vulnerability", ...(exploited ? ["known-exploited"] : [])],
      "security-severity": score.toFixed(1),
    },
  };
}

function resultOf(
  match: ScannedMatch | SuppressedMatch,
  ruleIndex: number,
  { target, release }: ScanDocument,
  one: ScannedPackage | undefined,
): object {
  const { origin, name, version, id, fixedIn, purl } = match;
  const evidence = one?.files[0];
  const line = origin?.kind === "instruction" && origin.at.kind === "source" ? origin : undefined;
  const path = line?.at.kind === "source" ? line.at.path : (evidence ?? target.reference);
  const summary = match.advisories.find((advisory) => advisory.summary)?.summary;
  const remedy = fixedIn === undefined ? `no fix: ${match.state.replaceAll("-", " ")}` : `fixed in ${fixedIn}`;
  const place = `${target.reference}${evidence === undefined ? "" : ` /${evidence}`}`;
  return {
    ruleId: escapeLine(id),
    ruleIndex,
    level: levels[match.level],
    message: {
      text: escapeLine(`${name} ${version} has ${id}${summary === undefined ? "" : `: ${summary}`} (${remedy})`),
    },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uri(path) }, region: { startLine: line?.line ?? 1 } },
        logicalLocations: [{ fullyQualifiedName: escapeLine(place) }],
      },
    ],
    partialFingerprints: { "plimsoll/v1": fingerprint(id, purl, release?.release ?? "") },
    ...("suppression" in match
      ? {
          suppressions: [
            {
              kind: "external",
              status: "accepted",
              justification: escapeLine(
                `${match.suppression.reason}, says ${match.suppression.by}${match.suppression.why === undefined ? "" : `: ${match.suppression.why}`}`,
              ),
            },
          ],
        }
      : {}),
    properties: { purl, ...(match.layerIndex === undefined ? {} : { layer: match.layerIndex }) },
  };
}

/** A relative reference of RFC 3986's characters alone; half a surrogate pair, which cannot be encoded, becomes U+FFFD. */
function uri(path: string): string {
  return path
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
}
