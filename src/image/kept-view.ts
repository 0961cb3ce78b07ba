import type { FileView } from "../core/index.ts";
import type { Kept } from "./keeper.ts";
import type { Merged } from "./merge.ts";
import type { LayerScan } from "./scan.ts";
import { accessBytes } from "./spool.ts";

/** What a keeper kept of the files that a container sees, under their paths in the merged tree. */
export function keptView(merged: Merged, scans: readonly Pick<LayerScan, "kept">[], keeper: string): FileView {
  return keptViews(merged, scans, [keeper]).get(keeper) ?? viewOf(new Map());
}

/** The same for several keepers, after one walk over the tree; those who kept nothing have an empty view. */
export function keptViews(
  merged: Merged,
  scans: readonly Pick<LayerScan, "kept">[],
  keepers: readonly string[],
): ReadonlyMap<string, FileView> {
  const found = new Map(keepers.map((keeper) => [keeper, new Map<string, Uint8Array>()]));
  const kept = scans.map(({ kept: all }) => {
    const byPath = new Map<string, Kept[]>();
    for (const one of all) {
      if (!found.has(one.keeper)) continue;
      const others = byPath.get(one.path);
      if (others) others.push(one);
      else byPath.set(one.path, [one]);
    }
    return byPath;
  });
  if (kept.some(({ size }) => size > 0))
    for (const { path, entry, layer } of merged.tree.all())
      for (const { keeper, bytes } of kept[layer]?.get(entry.path) ?? []) found.get(keeper)?.set(path, bytes);
  return new Map([...found].map(([keeper, files]) => [keeper, viewOf(files)]));
}

function viewOf(files: ReadonlyMap<string, Uint8Array>): FileView {
  return {
    paths: [...files.keys()],
    open: (path) => {
      const bytes = files.get(path);
      return bytes && accessBytes(bytes);
    },
  };
}
