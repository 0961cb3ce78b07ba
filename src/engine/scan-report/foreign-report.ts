import type { Gap, Severity } from "../../core/index.ts";
import type { ScannedMatch, ScannedPackage, ScannedRelease, ScanTarget, SuppressedMatch } from "../../report/index.ts";

/** What another scanner's report says, in this program's terms; who brought the layers is not known to it. */
export interface ForeignReport {
  readonly scanner: "trivy" | "grype";
  readonly target: ScanTarget;
  readonly release?: ScannedRelease;
  /** YYYY-MM-DD of its advisories, or of the report itself; "" where neither is said. */
  readonly asOf: string;
  /** Its own version or revision of its data. */
  readonly revision: string;
  readonly packages: readonly ScannedPackage[];
  readonly matches: readonly ScannedMatch[];
  readonly suppressed: readonly SuppressedMatch[];
  /** How the image was made, where the report carries it: `layers` of the target are these without the empty ones. */
  readonly history: readonly { readonly createdBy: string; readonly emptyLayer: boolean }[];
  readonly gaps: readonly Gap[];
}

/** More than this of anything is not read of one report. */
export const mostOfReport = 500_000;

const words: Readonly<Record<string, Severity>> = {
  critical: "critical",
  high: "high",
  medium: "medium",
  low: "low",
  negligible: "low",
};

/** A scanner's word for a severity; undefined for "unknown". */
export function severityOf(word: string | undefined): Severity | undefined {
  const known = word?.toLowerCase() ?? "";
  return Object.hasOwn(words, known) ? words[known] : undefined;
}

/** How an image was made, as its configuration tells (OCI image specification, "history"). */
export function historyOf(config: Readonly<Record<string, unknown>>): ForeignReport["history"] {
  const history = Array.isArray(config["history"]) ? config["history"].slice(0, 4096) : [];
  return history.map((entry: unknown) => {
    const said = typeof entry === "object" && entry !== null ? (entry as Readonly<Record<string, unknown>>) : {};
    return {
      createdBy: typeof said["created_by"] === "string" ? said["created_by"] : "",
      emptyLayer: said["empty_layer"] === true,
    };
  });
}

/** The day of an RFC 3339 time; "" where the text is none. */
export function dayOfTime(text: string | undefined): string {
  const day = /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(text ?? "")?.[0] ?? "";
  return Number.isNaN(Date.parse(day)) ? "" : day;
}
