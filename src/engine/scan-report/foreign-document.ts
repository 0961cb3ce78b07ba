import { storeAge } from "../../advisories/index.ts";
import type { Gap } from "../../core/index.ts";
import type { ScanDocument, ScannedMatch } from "../../report/index.ts";
import type { Dockerfile } from "../../syntax/index.ts";
import { attributeLayers, type Origin } from "../../weight/index.ts";
import { countMatches, levels } from "../count-matches.ts";
import type { ExaminedImage } from "../examine-image.ts";
import type { ForeignReport } from "./foreign-report.ts";

/** What tells where the layers of a report's image came from. */
export interface ForeignSetting {
  /** The image itself, read; else the history that the report carries is gone by. */
  readonly examined?: ExaminedImage;
  readonly dockerfile?: Dockerfile;
  readonly stage?: string;
  /** YYYY-MM-DD. */
  readonly today: string;
  readonly version: string;
}

/** Another scanner's report as a scan of this program's, with the Dockerfile line of each layer that can be told. */
export function foreignDocument(report: ForeignReport, setting: ForeignSetting): ScanDocument {
  const { origins, gaps } = originsOf(report, setting);
  const withOrigin = <T extends { readonly layerIndex?: number }>(one: T): T & { readonly origin?: Origin } => {
    const origin = one.layerIndex === undefined ? undefined : origins[one.layerIndex];
    return origin ? { ...one, origin } : one;
  };
  const matches = report.matches.map(withOrigin).sort(byWorst);
  const allGaps = [...report.gaps, ...gaps];
  return {
    schemaVersion: 1,
    tool: { name: "plimsoll", version: setting.version },
    target: report.target,
    ...(report.release ? { release: report.release } : {}),
    store: {
      revision: [report.scanner, report.revision].filter(Boolean).join(" "),
      asOf: report.asOf,
      ageDays: report.asOf === "" ? 0 : storeAge(report.asOf, setting.today),
      kind: "scanner",
    },
    packages: report.packages.map(withOrigin).sort((a, b) => (a.purl < b.purl ? -1 : a.purl > b.purl ? 1 : 0)),
    matches,
    suppressed: report.suppressed.map(withOrigin),
    counts: countMatches(matches),
    verdict: allGaps.length > 0 ? "incomplete" : "pass",
    gaps: allGaps,
    unusedIgnores: [],
  };
}

function originsOf(
  { target, history }: ForeignReport,
  { examined, dockerfile, stage }: ForeignSetting,
): { readonly origins: readonly Origin[]; readonly gaps: readonly Gap[] } {
  if (examined) {
    const byDiffId = new Map(examined.weight.layers.map(({ diffId, origin }) => [diffId as string, origin]));
    const origins = target.layers.map((diffId): Origin => byDiffId.get(diffId) ?? { kind: "unknown" });
    if (target.layers.every((diffId) => byDiffId.has(diffId))) return { origins, gaps: [] };
    const reason = `${examined.image.reference} is another image: it lacks layers that the report names`;
    return { origins, gaps: [{ subject: "layers", reason }] };
  }
  const { origins } = attributeLayers({
    history,
    layers: target.layers.length,
    ...(dockerfile ? { dockerfile } : {}),
    ...(stage === undefined ? {} : { target: stage }),
  });
  return { origins, gaps: [] };
}

function byWorst(a: ScannedMatch, b: ScannedMatch): number {
  const [left, right] = [`${a.name}\t${a.purl}\t${a.id}`, `${b.name}\t${b.purl}\t${b.id}`];
  return levels.indexOf(a.level) - levels.indexOf(b.level) || (left < right ? -1 : left > right ? 1 : 0);
}
