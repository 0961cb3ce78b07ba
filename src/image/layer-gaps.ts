import type { Gap } from "../core/index.ts";
import type { Layer } from "./image.ts";

/** What of one layer could not be read: the first hundred reasons, for a hostile layer has any number of them. */
export function layerGaps({ diffId }: Layer): { readonly gaps: readonly Gap[]; gap(this: void, reason: string): void } {
  const gaps: Gap[] = [];
  return {
    gaps,
    gap: (reason) => {
      if (gaps.length < 100) gaps.push({ subject: `layer ${diffId.slice(0, 19)}`, reason });
    },
  };
}
