import { composeLayers } from "./compose.ts";
import type { Rewriter } from "./rewriter.ts";

/** One layer over the base, which keeps its own: shared by every image that is built on it. */
export const squash: Rewriter = {
  id: "squash",
  summary: "one layer above the base, with nothing in it that no container sees",
  onlySmaller: true,
  plan: (subject) => composeLayers(subject, ["squashed"], () => 0),
};
