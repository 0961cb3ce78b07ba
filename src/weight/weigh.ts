import type { Death, FileEntry, LayerScan, Merged } from "../image/index.ts";
import type { Bytes, LayerWeight, Origin, Waste, WeightReport } from "./report.ts";

type Scanned = Pick<LayerScan, "diffId" | "entries" | "tarBytes" | "storedBytes">;

/** Where the bytes of an image are, and which of them no container can see. Pure; the books balance (see WeightReport). */
export function weighImage(
  scans: readonly Scanned[],
  merged: Merged,
  origins: readonly Origin[],
  baseLayers: number,
): WeightReport {
  const layers = scans.map(({ diffId, entries, tarBytes, storedBytes }, index): LayerWeight => {
    let unpacked = 0;
    let stored = 0;
    let files = 0;
    for (const entry of entries) {
      if (!isContent(entry)) continue;
      unpacked += entry.size;
      stored += entry.storedBytes;
      if (entry.type === "file") files++;
    }
    return {
      diffId,
      bytes: { unpacked, stored },
      tarBytes,
      storedBytes,
      entries: entries.length,
      files,
      origin: origins[index] ?? { kind: "unknown" },
    };
  });
  return {
    total: sum(layers.map(({ bytes }) => bytes)),
    visible: visibleBytes(merged),
    layers,
    waste: gatherWaste(scans, merged.deaths),
    baseLayers,
  };
}

/** Whiteouts and further names of a file are marks, not contents: they are in neither side of the books. */
function isContent({ type }: FileEntry): boolean {
  return type !== "whiteout" && type !== "opaque" && type !== "hardlink";
}

function bytesOf({ size, storedBytes }: FileEntry): Bytes {
  return { unpacked: size, stored: storedBytes };
}

function sum(all: readonly Bytes[]): Bytes {
  let unpacked = 0;
  let stored = 0;
  for (const one of all) {
    unpacked += one.unpacked;
    stored += one.stored;
  }
  return { unpacked, stored };
}

function visibleBytes({ tree }: Merged): Bytes {
  const counted = new Set<FileEntry>();
  let unpacked = 0;
  let stored = 0;
  for (const { entry, names } of tree.all()) {
    if (names > 1 && counted.has(entry)) continue;
    if (names > 1) counted.add(entry);
    unpacked += entry.size;
    stored += entry.storedBytes;
  }
  return { unpacked, stored };
}

const shownPaths = 10;

/** Deaths by cause, by the layer that brought the bytes and by the one that hid them; the heaviest first. */
function gatherWaste(scans: readonly Scanned[], deaths: readonly Death[]): readonly Waste[] {
  const arrived = new ContentsOf(scans);
  const groups = new Map<string, Death[]>();
  for (const death of deaths) {
    const key = `${arrived.moved(death) ? "moved" : death.cause} ${death.layer} ${death.by}`;
    const group = groups.get(key);
    if (group) group.push(death);
    else groups.set(key, [death]);
  }
  const waste = [...groups].map(([key, group]): Waste => {
    const [cause, layer, by] = key.split(" ");
    const files = group.filter(({ entry }) => entry.type === "file");
    const heaviest = files.sort((a, b) => b.entry.size - a.entry.size || (a.path < b.path ? -1 : 1));
    return {
      cause: cause as Waste["cause"],
      bytes: sum(group.map(({ entry }) => bytesOf(entry))),
      layer: Number(layer),
      by: Number(by),
      files: files.length,
      paths: heaviest.slice(0, shownPaths).map(({ path, entry }) => ({ path, bytes: bytesOf(entry) })),
    };
  });
  return waste.sort(
    (a, b) =>
      b.bytes.unpacked - a.bytes.unpacked ||
      b.bytes.stored - a.bytes.stored ||
      a.by - b.by ||
      a.layer - b.layer ||
      (a.cause < b.cause ? -1 : 1),
  );
}

/** Which contents a layer brings, by digest: what was deleted in it and stands in it again was moved. */
class ContentsOf {
  readonly #scans: readonly Scanned[];
  readonly #byLayer = new Map<number, ReadonlySet<string>>();

  constructor(scans: readonly Scanned[]) {
    this.#scans = scans;
  }

  moved({ cause, entry, by }: Death): boolean {
    if ((cause !== "deleted" && cause !== "hidden") || entry.size === 0 || entry.digest === undefined) return false;
    let contents = this.#byLayer.get(by);
    if (!contents) {
      contents = new Set(this.#scans[by]?.entries.flatMap(({ digest }) => digest ?? []));
      this.#byLayer.set(by, contents);
    }
    return contents.has(entry.digest);
  }
}
