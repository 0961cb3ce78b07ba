import type { MatchFamily } from "../family.ts";
import { inRelease } from "../family.ts";

/** Alpine (of its release or edge, as the repositories say), Wolfi, Chainguard, MinimOS: by origin, in apk's order. */
export const apk: MatchFamily = {
  id: "apk",
  has: (one) => one.type === "apk",
  lookUp: (one, release, store) =>
    inRelease(release, store, "first", (ecosystem) => ({
      ecosystem,
      name: one.source?.name ?? one.name,
      version: one.version,
    })),
};
