import type { FileView } from "../core/index.ts";
import type { Merged } from "./merge.ts";
import type { LayerScan } from "./scan.ts";
import { accessBytes } from "./spool.ts";

/** What a keeper kept of the files that a container sees, under their paths in the merged tree. */
export function keptView(merged: Merged, scans: readonly Pick<LayerScan, "kept">[], keeper: string): FileView {
  const kept = scans.map(
    ({ kept: all }) => new Map(all.filter((one) => one.keeper === keeper).map(({ path, bytes }) => [path, bytes])),
  );
  const found = new Map<string, Uint8Array>();
  if (kept.some(({ size }) => size > 0)) {
    for (const { path, entry, layer } of merged.tree.all()) {
      const bytes = kept[layer]?.get(entry.path);
      if (bytes) found.set(path, bytes);
    }
  }
  return {
    paths: [...found.keys()],
    open: (path) => {
      const bytes = found.get(path);
      return bytes && accessBytes(bytes);
    },
  };
}
