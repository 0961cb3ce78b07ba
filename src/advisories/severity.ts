import type { Severity } from "../core/index.ts";
import type { StatedSeverity } from "./advisory.ts";
import { scoreOfVector, severityOfScore } from "./cvss/score.ts";
import { parseVector } from "./cvss/vector.ts";

/** How bad it is, and who says so. */
export interface ChosenSeverity {
  readonly severity: Severity;
  /** The source that decided: "debian", "redhat", "ghsa", "nvd", … */
  readonly source: string;
  /** What of the source's decided: its own word, a vector or a bare score. */
  readonly by: "word" | "vector" | "score";
  /** 0.0 to 10.0, where the source has one, whatever decided. */
  readonly score?: number;
  readonly vector?: string;
}

/** What the choice is made from. */
export interface SeverityQuestion {
  /** The ids of the vulnerability, whichever is shown. */
  readonly ids: readonly string[];
  /** Of the package itself: a distribution's own verdict on it (`Affected.severities`). */
  readonly ofPackage: readonly StatedSeverity[];
  /** Of the vulnerability as a whole (`Advisory.severities` of all its advisories). */
  readonly general: readonly StatedSeverity[];
  /** The source whose data matched, as `StatedSeverity.source` spells it. */
  readonly matchedBy?: string;
  /** The sources to ask first, before any other rule; a user's choice, and so above the package's own verdict too. */
  readonly preferred?: readonly string[];
}

/** Where no rule picks a source: those who judge for everybody first. */
const usualOrder = [
  "nvd",
  "redhat",
  "debian",
  "ubuntu",
  "alpine",
  "amazon",
  "oracle",
  "suse",
  "photon",
  "azure",
  "rocky",
  "alma",
  "cisa",
  "pypa",
  "rustsec",
  "rubysec",
  "go",
  "ghsa",
  "osv",
];

/** CVSS versions, the newest first. */
const versions = ["4.0", "3.1", "3.0", "2.0"];

/**
 * The severity of a vulnerability in a package: the first source that says any, in the order of the user's choice, the
 * distribution's verdict on this very package, the data that matched, GitHub for its own ids, NVD, and the rest. Of a source
 * its own word counts first, then its newest CVSS vector, then a bare score. Undefined where nobody says anything.
 */
export function chooseSeverity(question: SeverityQuestion): ChosenSeverity | undefined {
  const { ids, ofPackage, general, matchedBy, preferred = [] } = question;
  const all = [...ofPackage, ...general];
  for (const source of preferred) {
    const found = ofSource(all, source);
    if (found) return found;
  }
  for (const source of sourcesOf(ofPackage, matchedBy)) {
    const found = ofSource(ofPackage, source);
    if (found) return found;
  }
  const github = ids.some((id) => id.startsWith("GHSA-")) && !ids.some((id) => id.startsWith("CVE-")) ? ["ghsa"] : [];
  const first = [...(matchedBy === undefined ? [] : [matchedBy]), ...github];
  for (const source of [...first, ...sourcesOf(general)]) {
    const found = ofSource(general, source);
    if (found) return found;
  }
  return undefined;
}

/** The sources that say something: the one that matched, the usual ones, then any other by code unit. */
function sourcesOf(stated: readonly StatedSeverity[], first?: string): readonly string[] {
  const rank = (source: string): number => {
    if (source === first) return -1;
    const at = usualOrder.indexOf(source);
    return at < 0 ? usualOrder.length : at;
  };
  return [...new Set(stated.map(({ source }) => source))].sort(
    (a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0),
  );
}

/** A vector that can be read, and what it comes to. */
interface Scored {
  readonly vector: string;
  readonly version: string;
  readonly score: number;
}

function ofSource(stated: readonly StatedSeverity[], source: string): ChosenSeverity | undefined {
  const own = stated.filter((one) => one.source === source);
  const scored = own
    .flatMap(({ vector }): Scored[] => {
      const version = vector === undefined ? undefined : parseVector(vector)?.version;
      const score = vector === undefined ? undefined : scoreOfVector(vector);
      return vector === undefined || version === undefined || score === undefined ? [] : [{ vector, version, score }];
    })
    // Sorting is stable: of two vectors of a version the one stated first counts.
    .sort((a, b) => versions.indexOf(a.version) - versions.indexOf(b.version))[0];
  const bare = own.find(({ score }) => score !== undefined && score >= 0 && score <= 10)?.score;
  const score = scored?.score ?? bare;
  const facts = { source, ...(score !== undefined && { score }), ...(scored && { vector: scored.vector }) };
  const word = own.find(({ severity }) => severity !== undefined)?.severity;
  if (word !== undefined) return { severity: word, by: "word", ...facts };
  if (score === undefined) return undefined;
  return { severity: severityOfScore(score), by: scored ? "vector" : "score", ...facts };
}
