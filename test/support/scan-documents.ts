import { countMatches, levels } from "../../src/engine/count-matches.ts";
import type { ScanDocument, ScannedMatch } from "../../src/report/index.ts";

export interface MatchSketch {
  readonly id: string;
  readonly purl: string;
  readonly level?: ScannedMatch["level"];
  readonly state?: ScannedMatch["state"];
  readonly file?: string;
}

/** A scan of an image with some vulnerabilities; package names and versions are the purls'. */
export function documentWith(sketches: readonly MatchSketch[]): ScanDocument {
  const part = (purl: string): { type: string; name: string; version: string } => {
    const [, type = "", path = "", version = ""] = /^pkg:([a-z]+)\/([^@]+)@([^?]*)/.exec(purl) ?? [];
    return { type, name: path.slice(path.lastIndexOf("/") + 1), version };
  };
  const matches = sketches.map(({ id, purl, level = "high", state = "affected" }): ScannedMatch => {
    const { name, version } = part(purl);
    const because = { ecosystem: "Debian:12", name, version, scheme: "dpkg", comparison: "" };
    return { id, purl, name, version, level, state, because, aliases: [], advisories: [], severities: [] };
  });
  const files = new Map(sketches.map(({ purl, file }) => [purl, file]));
  return {
    schemaVersion: 1,
    tool: { name: "plimsoll", version: "0.0.0" },
    target: {
      kind: "image",
      reference: "registry.example/team/app:1.2",
      digest: `sha256:${"a".repeat(64)}`,
      layers: [],
    },
    store: { revision: "x", asOf: "2026-01-01", ageDays: 1, kind: "given" },
    packages: [...files].map(([purl, file]) => ({
      ...part(purl),
      purl,
      licenses: [],
      files: [file ?? "var/lib/dpkg/status"],
    })),
    matches: matches.sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level)),
    suppressed: [],
    counts: countMatches(matches),
    verdict: "pass",
    gaps: [],
    unusedIgnores: [],
  };
}

/** "id package" of matches, sorted. */
export function shownMatches(matches: readonly ScannedMatch[]): readonly string[] {
  return matches.map(({ id, purl }) => `${id} ${purl}`).sort();
}
