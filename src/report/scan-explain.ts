import { createColors } from "picocolors";
import type { StatedSeverity } from "../advisories/index.ts";
import { compareText } from "./compare-text.ts";
import { escapeLine } from "./escape.ts";
import type { ScanDocument, ScannedMatch, ScannedPackage, SuppressedMatch } from "./scan-document.ts";
import { linksOf, webAddress } from "./scan-links.ts";

type Colors = ReturnType<typeof createColors>;

/**
 * Why each match of a vulnerability is one: the package and where it came in, what the advisories say, how the versions compare,
 * who decided the severity, and whether it counts.
 * @param id the vulnerability, or any alias of it; case does not matter
 * @returns undefined where nothing in the document goes by the id
 */
export function explainScan(
  document: ScanDocument,
  id: string,
  options: { readonly color: boolean },
): string | undefined {
  const colors = createColors(options.color);
  const wanted = id.toUpperCase();
  const all: readonly (ScannedMatch | SuppressedMatch)[] = [...document.matches, ...document.suppressed];
  const found = all
    .filter((match) => [match.id, ...match.aliases].some((one) => one.toUpperCase() === wanted))
    .sort((a, b) => compareText(a.id, b.id) || compareText(a.purl, b.purl));
  if (found.length === 0) return undefined;
  const packages = new Map(document.packages.map((one) => [one.purl, one]));
  const blocks: string[] = [];
  for (const shown of new Set(found.map((match) => match.id))) {
    const matches = found.filter((match) => match.id === shown);
    blocks.push(vulnerability(matches, colors));
    for (const match of matches) blocks.push(explained(match, packages.get(match.purl), document, colors));
  }
  return `${blocks.join("\n\n")}\n`;
}

function vulnerability(matches: readonly ScannedMatch[], colors: Colors): string {
  const [first] = matches;
  if (!first) return "";
  const { id, aliases, exploited, epss } = first;
  const advisories = matches.flatMap((match) => match.advisories);
  const summary = advisories.find((advisory) => advisory.summary)?.summary;
  return [
    `${colors.bold(escapeLine(id))}${aliases.length > 0 ? `  ${colors.dim(aliases.map(escapeLine).join(", "))}` : ""}`,
    ...(summary === undefined ? [] : [escapeLine(summary)]),
    ...linksOf(id, []).map((link) => colors.dim(link)),
    exploited
      ? colors.red(
          `known to be exploited since ${escapeLine(exploited.since)}${exploited.byRansomware ? ", in ransomware campaigns too" : ""} (CISA KEV)`,
        )
      : "not in CISA's catalogue of known exploited vulnerabilities",
    epss
      ? `EPSS: ${percent(epss.probability)} likely to be exploited within 30 days, above ${percent(epss.percentile)} of all`
      : "EPSS: no estimate in the store",
  ].join("\n");
}

function explained(
  match: ScannedMatch | SuppressedMatch,
  one: ScannedPackage | undefined,
  { target }: ScanDocument,
  colors: Colors,
): string {
  const { because, fixedIn, state } = match;
  const rows: [label: string, text: string][] = [
    ["package", `${match.name} ${match.version}  ${match.purl}`],
    ["found in", one && one.files.length > 0 ? one.files.join(", ") : "not said"],
    ["came in", cameIn(match, target.layers)],
    ...(one?.owner === undefined ? [] : ([["owned by", one.owner]] as [string, string][])),
    ["looked up", `${because.name} ${because.version} in ${because.ecosystem}, in the order of ${because.scheme}`],
    ...match.advisories.map((advisory): [string, string] => {
      const url = webAddress(advisory.url) ?? linksOf(advisory.id, [])[0];
      return ["advisory", `${advisory.id}${url === undefined ? "" : `  ${url}`}`];
    }),
    ["range", because.range ? because.range.events.map(eventText).join(", ") : "the version is listed as such"],
    ["because", because.comparison],
    ["fixed in", fixedIn ?? `nothing: ${state.replaceAll("-", " ")}`],
    ["severity", severityText(match)],
    ...otherSeverities(match).map((stated): [string, string] => ["others say", statedText(stated)]),
    ["counts", countsText(match)],
  ];
  const title = colors.bold(`${escapeLine(match.name)} ${escapeLine(match.version)}`);
  const lines = rows.map(([label, text]) => `  ${colors.dim(label.padEnd(10))}  ${escapeLine(text)}`);
  return [title, ...lines].join("\n");
}

function cameIn({ origin, layerIndex }: ScannedMatch, layers: readonly string[]): string {
  if (layerIndex === undefined) return "not known";
  const layer = `layer ${layerIndex + 1} of ${layers.length} (${(layers[layerIndex] ?? "").slice(0, 19)})`;
  if (origin?.kind === "base")
    return `${layer}, of the base image${origin.reference === undefined ? "" : ` ${origin.reference}`}`;
  if (origin?.kind === "instruction") {
    const path = origin.at.kind === "source" ? origin.at.path : "";
    return `${layer}, by ${path}:${origin.line}  ${origin.text}`;
  }
  return `${layer}${origin?.createdBy === undefined ? "" : `, by ${origin.createdBy}`}`;
}

function eventText(event: NonNullable<ScannedMatch["because"]["range"]>["events"][number]): string {
  if ("introduced" in event) return `introduced ${event.introduced}`;
  if ("fixed" in event) return `fixed ${event.fixed}`;
  return "lastAffected" in event ? `last affected ${event.lastAffected}` : `limit ${event.limit}`;
}

function severityText({ severity, level }: ScannedMatch): string {
  if (!severity) return `${level}: nobody has judged it`;
  const by = { word: "its own word", vector: "its CVSS vector", score: "its score" }[severity.by];
  const score = severity.score === undefined ? "" : `, ${severity.score.toFixed(1)}`;
  return `${severity.severity}, as ${severity.source} says by ${by}${score}${severity.vector === undefined ? "" : `  ${severity.vector}`}`;
}

function otherSeverities({ severity, severities }: ScannedMatch): readonly StatedSeverity[] {
  return severities.filter(
    ({ source, vector, severity: word }) =>
      source !== severity?.source || (vector !== severity.vector && word !== severity.severity),
  );
}

function statedText({ source, severity, vector, score }: StatedSeverity): string {
  return [`${source}:`, severity, score?.toFixed(1), vector].filter((part) => part !== undefined).join(" ");
}

function countsText(match: ScannedMatch | SuppressedMatch): string {
  if (!("suppression" in match)) return "yes";
  const { reason, by, why } = match.suppression;
  return `no: ${reason.replaceAll("-", " ")}, says ${by}${why === undefined ? "" : `: ${why}`}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
