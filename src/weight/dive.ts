import type { LayerScan, Merged } from "../image/index.ts";

/** The figures of dive 0.13, by its formula and with its defects, so that thresholds of a pipeline can be carried over. */
export interface DiveFigures {
  /** 1 is best. */
  readonly efficiency: number;
  /** All copies of every path that is there more than once, the one that counts included. */
  readonly wastedBytes: number;
  /** `wastedBytes` over the bytes of all layers but the first, which it takes for the base. */
  readonly userWastedPercent: number;
}

/**
 * For every path that is a leaf of some layer: `cum`, the sizes seen there, and `min`, the smallest. A whiteout counts as the
 * bytes of the directory that it hides, as 0 for a file. Efficiency is Σ min / Σ cum; wasted is Σ cum where seen twice or more.
 */
export function diveFigures(scans: readonly Pick<LayerScan, "entries">[], merged: Merged): DiveFigures {
  const seen = new Map<string, { cum: number; min: number; times: number }>();
  const hidden = hiddenDirectories(merged);
  scans.forEach(({ entries }, layer) => {
    const parents = parentsOf(entries);
    for (const { path, type, size } of entries) {
      if (type === "opaque" || parents.has(path)) continue;
      const bytes = type === "whiteout" ? (hidden.get(`${layer} ${path}`) ?? 0) : type === "file" ? size : 0;
      const at = seen.get(path);
      if (at) {
        at.cum += bytes;
        at.min = Math.min(at.min, bytes);
        at.times++;
      } else seen.set(path, { cum: bytes, min: bytes, times: 1 });
    }
  });
  let cum = 0;
  let min = 0;
  let wasted = 0;
  for (const one of seen.values()) {
    cum += one.cum;
    min += one.min;
    if (one.times > 1) wasted += one.cum;
  }
  const user = scans
    .slice(1)
    .reduce((sum, { entries }) => sum + entries.reduce((inner, { size }) => inner + size, 0), 0);
  return {
    efficiency: cum === 0 ? 1 : min / cum,
    wastedBytes: wasted,
    userWastedPercent: user === 0 ? 0 : wasted / user,
  };
}

/** Every directory that has something in it. */
function parentsOf(entries: readonly { readonly path: string }[]): ReadonlySet<string> {
  const parents = new Set<string>();
  for (const { path } of entries) {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const parent = path.slice(0, at);
      if (parents.has(parent)) break;
      parents.add(parent);
    }
  }
  return parents;
}

/** The bytes that each whiteout of a directory hid, by layer and path. */
function hiddenDirectories({ deaths }: Merged): ReadonlyMap<string, number> {
  const hidden = new Map<string, number>();
  for (const { cause, path, by, entry } of deaths) {
    if (cause !== "deleted") continue;
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const key = `${by} ${path.slice(0, at)}`;
      hidden.set(key, (hidden.get(key) ?? 0) + entry.size);
    }
  }
  return hidden;
}
