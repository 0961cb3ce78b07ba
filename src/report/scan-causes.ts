import type { Origin } from "../weight/index.ts";
import type { ScanDocument, ScannedMatch, ScannedPackage } from "./scan-document.ts";

/** What one thing brought in: the base, a line of the Dockerfile, a lock file, a layer nobody knows more of. */
export interface ScanCause {
  readonly title: string;
  readonly origin?: Origin;
  readonly layerIndex?: number;
  readonly rows: readonly ScanRow[];
}

/** One vulnerability of all the packages that were built from one source: they are fixed together. */
export interface ScanRow {
  /** "openssl", "glibc: libc6 +1". */
  readonly packages: string;
  /** The one that names the row; the others differ from it in package and version alone. */
  readonly match: ScannedMatch;
  readonly matches: readonly ScannedMatch[];
}

/** Matches by root cause, the one with the worst of them first; within a cause in the document's order. */
export function causesOf({ matches, packages }: Pick<ScanDocument, "matches" | "packages">): readonly ScanCause[] {
  const byPurl = new Map(packages.map((one) => [one.purl, one]));
  const found = new Map<string, { cause: Omit<ScanCause, "rows">; rows: Map<string, ScannedMatch[]> }>();
  for (const match of matches) {
    const one = byPurl.get(match.purl);
    const title = titleOf(match, one?.files[0]);
    const { origin, layerIndex } = match;
    const cause = found.get(title) ?? {
      cause: { title, ...(origin && { origin }), ...(layerIndex !== undefined && { layerIndex }) },
      rows: new Map<string, ScannedMatch[]>(),
    };
    found.set(title, cause);
    const key = rowKey(match, one);
    const row = cause.rows.get(key);
    if (row) row.push(match);
    else cause.rows.set(key, [match]);
  }
  return [...found.values()].map(({ cause, rows }) => ({
    ...cause,
    rows: [...rows.values()].map((row) => rowOf(row, byPurl)),
  }));
}

function rowOf(matches: readonly ScannedMatch[], byPurl: ReadonlyMap<string, ScannedPackage>): ScanRow {
  // The shortest name is as a rule the library itself: libc6 of libc6, libc-bin and locales.
  const [match] = matches.toSorted((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
  if (!match) throw new RangeError("a row without a match");
  const source = byPurl.get(match.purl)?.source?.name;
  const names = new Set(matches.map(({ name }) => name));
  const others = names.size > 1 ? ` +${names.size - 1}` : "";
  const shown =
    source === undefined || source === match.name
      ? match.name
      : names.has(source)
        ? source
        : `${source}: ${match.name}`;
  return { packages: shown + others, match, matches };
}

/** All that a row shows must be the same of all its packages, but for the version a binary package calls itself. */
function rowKey(match: ScannedMatch, one: ScannedPackage | undefined): string {
  if (!one?.source) return `${match.purl}\t${match.id}`;
  return JSON.stringify([one.type, one.source, match.id, match.level, match.state, match.fixedIn]);
}

function titleOf({ origin, layerIndex }: ScannedMatch, file: string | undefined): string {
  if (origin?.kind === "base") return `Base image${origin.reference === undefined ? "" : ` ${origin.reference}`}`;
  if (origin?.kind === "instruction") {
    const path = origin.at.kind === "source" ? origin.at.path : "";
    return `${path}:${origin.line}  ${origin.text}`;
  }
  if (layerIndex === undefined) return file ?? "packages";
  return `Layer ${layerIndex + 1}${origin?.createdBy === undefined ? "" : `  ${origin.createdBy}`}`;
}
