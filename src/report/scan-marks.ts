import type { ScannedMatch } from "./scan-document.ts";

/** "KEV EPSS 12.3 %": known to be used in attacks, and how likely it is to be within 30 days. */
export function marks({ exploited, epss }: Pick<ScannedMatch, "exploited" | "epss">): string {
  return [exploited ? "KEV" : "", epss ? `EPSS ${(epss.probability * 100).toFixed(1)} %` : ""]
    .filter(Boolean)
    .join(" ");
}
