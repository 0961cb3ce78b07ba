import { type Severity, severities } from "../../core/index.ts";
import type { ImageFacts } from "../rule.ts";

type Level = Severity | "unknown";

/** What is known against all that was built of one source package in one version, in one layer. */
export interface VulnerableSource {
  readonly name: string;
  readonly version: string;
  /** Of the package by which it is known best. */
  readonly purl: string;
  /** From 0; absent where nothing tells. */
  readonly layer: number | undefined;
  /** A distribution's package. */
  readonly isOs: boolean;
  /** The evidence of a package that is no distribution's: those have one database for all. */
  readonly file: string | undefined;
  /** Names of the packages built of it, sorted. */
  readonly binaries: readonly string[];
  /** The worst first. */
  readonly ids: readonly string[];
  readonly counts: ReadonlyMap<Level, number>;
  /** The worst; what nobody judged counts as "info". */
  readonly severity: Severity;
  /** The version in which all is fixed that has a fix. */
  readonly fixedIn: string | undefined;
}

const osTypes: ReadonlySet<string> = new Set(["alpm", "apk", "deb", "opkg", "rpm"]);
const levels: readonly Level[] = [...severities, "unknown"];

/** Vulnerabilities of an image by what an update would change: worst first, then by name. */
export function groupVulnerabilities({ vulnerabilities }: ImageFacts): readonly VulnerableSource[] {
  const groups = new Map<string, ImageFacts["vulnerabilities"][number][]>();
  for (const one of vulnerabilities) {
    const { name, version } = one.package.source ?? one.package;
    const key = [one.package.type, name, version, one.layerIndex ?? ""].join("\t");
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].flatMap((group) => toSource(group)).sort(byWorst);
}

/** "2 critical, 1 high, 14 unknown". */
export function sayCounts(counts: ReadonlyMap<Level, number>): string {
  return levels.flatMap((level) => (counts.has(level) ? [`${counts.get(level) ?? 0} ${level}`] : [])).join(", ");
}

function toSource(group: readonly ImageFacts["vulnerabilities"][number][]): VulnerableSource[] {
  const worstFirst = group.toSorted(
    (a, b) => rank(a.severity?.severity) - rank(b.severity?.severity) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
  const [worst] = worstFirst;
  if (!worst) return [];
  const counts = new Map<Level, number>();
  const ids = new Set<string>();
  for (const { id, severity } of worstFirst) {
    if (ids.has(id)) continue;
    ids.add(id);
    const level = severity?.severity ?? "unknown";
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  const { name, version } = worst.package.source ?? worst.package;
  const binaries = [...new Set(group.map((one) => one.package.name))].sort();
  const named = group.find((one) => one.package.name === name) ?? worst;
  const isOs = osTypes.has(worst.package.type);
  return [
    {
      name,
      version,
      purl: named.package.purl,
      layer: worst.layerIndex,
      isOs,
      file: isOs ? undefined : worst.package.files[0],
      binaries,
      ids: [...ids],
      counts,
      severity: worst.severity?.severity ?? "info",
      fixedIn:
        worstFirst.find(({ allFixedIn }) => allFixedIn !== undefined)?.allFixedIn ??
        worstFirst.find(({ fixedIn }) => fixedIn !== undefined)?.fixedIn,
    },
  ];
}

function rank(level: Level | undefined): number {
  return levels.indexOf(level ?? "unknown");
}

function byWorst(a: VulnerableSource, b: VulnerableSource): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
    (a.purl < b.purl ? -1 : a.purl > b.purl ? 1 : 0) ||
    (a.layer ?? 0) - (b.layer ?? 0)
  );
}
