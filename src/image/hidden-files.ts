import type { RandomAccess } from "../core/index.ts";
import type { Death, Merged } from "./merge.ts";
import type { LayerScan } from "./scan.ts";
import { accessBytes } from "./spool.ts";

/** What layers brought and later ones took away: no container sees it, and whoever has the image has it all the same. */
export interface HiddenFiles {
  /** In the order in which they went. */
  readonly all: readonly Death[];
  /** What was kept of one. */
  open(file: Death): RandomAccess | undefined;
}

/** The files that are hidden, with what a keeper kept of them when their layers were read: nothing is read again. */
export function hiddenFiles(
  { deaths }: Pick<Merged, "deaths">,
  scans: readonly Pick<LayerScan, "kept">[],
  keeper: string,
): HiddenFiles {
  let kept: readonly ReadonlyMap<string, Uint8Array>[] | undefined;
  const all = deaths.filter(({ entry }) => entry.type === "file");
  return {
    all,
    open({ layer, by, entry }) {
      // Of a path that one tar names twice nobody can say which of the two was kept.
      if (layer === by) return undefined;
      kept ??= scans.map(
        (scan) => new Map(scan.kept.flatMap((one) => (one.keeper === keeper ? [[one.path, one.bytes] as const] : []))),
      );
      const bytes = kept[layer]?.get(entry.path);
      return bytes && accessBytes(bytes);
    },
  };
}
