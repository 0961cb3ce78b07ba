import { fingerprint } from "../../core/index.ts";
import { compareText } from "../compare-text.ts";
import type { ScanDocument, ScannedMatch, SuppressedMatch } from "../scan-document.ts";
import { linksOf, sourceOfId } from "../scan-links.ts";
import type { ScanReporter } from "../scan-reporter.ts";
import { componentOf, cyclonedxFrame } from "../scan-sbom/cyclonedx-bill.ts";

/**
 * CycloneDX 1.6 as JSON: the vulnerabilities and what is held of them, with the components they are about. A vulnerability that
 * counts in one package and not in another stands there once for each.
 */
export const cyclonedxVex: ScanReporter = {
  id: "cyclonedx-vex",
  summary: "vulnerabilities and their analysis, CycloneDX 1.6 JSON",
  render(document, { timestamp }) {
    const groups = grouped(document);
    const concerned = new Set(groups.flatMap(({ matches }) => matches.map(({ purl }) => purl)));
    const bill = {
      ...cyclonedxFrame(document, "cyclonedx-vex", timestamp),
      components: document.packages.filter(({ purl }) => concerned.has(purl)).map(componentOf),
      vulnerabilities: groups.map(vulnerabilityOf),
    };
    return `${JSON.stringify(bill, null, 2)}\n`;
  },
};

interface Group {
  readonly key: string;
  readonly matches: (ScannedMatch | SuppressedMatch)[];
  readonly analysis?: Analysis;
}

interface Analysis {
  readonly state: string;
  readonly detail: string;
}

const states: Readonly<Record<SuppressedMatch["suppression"]["reason"], string>> = {
  owned: "false_positive",
  "not-affected": "not_affected",
  "under-investigation": "in_triage",
  ignored: "in_triage",
  vex: "not_affected",
};

function grouped({ matches, suppressed }: ScanDocument): readonly Group[] {
  const found = new Map<string, Group>();
  const all: readonly (ScannedMatch | SuppressedMatch)[] = [...matches, ...suppressed];
  for (const match of all) {
    const analysis = "suppression" in match ? analysisOf(match) : undefined;
    const key = analysis === undefined ? match.id : `${match.id}\t${analysis.state}\t${analysis.detail}`;
    const group = found.get(key);
    if (group) group.matches.push(match);
    else found.set(key, { key, matches: [match], ...(analysis && { analysis }) });
  }
  return [...found.values()].sort((a, b) => compareText(a.key, b.key));
}

function analysisOf({ suppression: { reason, by, why } }: SuppressedMatch): Analysis {
  return { state: states[reason], detail: `${reason}, says ${by}${why === undefined ? "" : `: ${why}`}` };
}

function vulnerabilityOf({ key, matches, analysis }: Group): object {
  const [first] = matches;
  if (!first) throw new RangeError("a vulnerability without a match");
  const { id, aliases, exploited, epss } = first;
  const advisories = matches.flatMap((match) => match.advisories);
  const summary = advisories.find((advisory) => advisory.summary)?.summary;
  const links = linksOf(id, advisories);
  const published = advisories.flatMap((advisory) => advisory.published ?? []).sort()[0];
  const fixes = [
    ...new Set(matches.flatMap(({ name, fixedIn }) => (fixedIn === undefined ? [] : [`${name} ${fixedIn}`]))),
  ];
  return {
    "bom-ref": analysis === undefined ? id : `${id}#${fingerprint(key)}`,
    id,
    source: sourceOfId(id),
    ...(aliases.length > 0 ? { references: aliases.map((alias) => ({ id: alias, source: sourceOfId(alias) })) } : {}),
    ratings: ratingsOf(first),
    ...(summary === undefined ? {} : { description: summary }),
    ...(fixes.length > 0 ? { recommendation: `Update to ${fixes.join(", ")}` } : {}),
    ...(links.length > 0 ? { advisories: links.map((url) => ({ url })) } : {}),
    ...(published !== undefined && /^\d{4}-\d\d-\d\d$/.test(published) ? { published: `${published}T00:00:00Z` } : {}),
    ...(analysis === undefined ? {} : { analysis }),
    affects: matches.map(({ purl, version }) => ({
      ref: purl,
      versions: [
        { version, status: analysis === undefined || analysis.state === "in_triage" ? "affected" : "unaffected" },
      ],
    })),
    properties: [
      { name: "plimsoll:state", value: first.state },
      ...(exploited ? [{ name: "plimsoll:exploitedSince", value: exploited.since }] : []),
      ...(epss ? [{ name: "plimsoll:epss", value: String(epss.probability) }] : []),
    ],
  };
}

/** The rating that counts first, then what else was said. */
function ratingsOf({ severity, severities, level }: ScannedMatch): readonly object[] {
  const chosen = {
    ...(severity ? { source: { name: severity.source } } : {}),
    ...(severity?.score === undefined ? {} : { score: severity.score }),
    severity: level,
    ...(severity?.vector === undefined ? {} : { method: methodOf(severity.vector), vector: severity.vector }),
  };
  const others = severities
    .filter(({ source, vector }) => source !== severity?.source || vector !== severity.vector)
    .map(({ source, severity: word, vector, score }) => ({
      source: { name: source },
      ...(score === undefined ? {} : { score }),
      ...(word === undefined ? {} : { severity: word }),
      ...(vector === undefined ? {} : { method: methodOf(vector), vector }),
    }));
  return [chosen, ...others];
}

function methodOf(vector: string): string {
  if (vector.startsWith("CVSS:4")) return "CVSSv4";
  if (vector.startsWith("CVSS:3.1")) return "CVSSv31";
  return vector.startsWith("CVSS:3") ? "CVSSv3" : "CVSSv2";
}
