import { formatPlatform } from "../image/index.ts";
import type { DifferenceDocument, DifferenceSide, ScanDocument } from "../report/index.ts";
import { compareConfigs, compareTrees } from "../weight/index.ts";
import { compareScans } from "./compare-scans.ts";
import type { ExaminedImage } from "./examine-image.ts";

/** What is different between two images, by size, layers, files and configuration, and, where they were scanned, by packages. */
export function differenceDocument(
  before: ExaminedImage,
  after: ExaminedImage,
  version: string,
  scans?: readonly [before: ScanDocument, after: ScanDocument],
): DifferenceDocument {
  const had = new Set(before.scans.map(({ diffId }) => diffId));
  const shared = after.scans.filter(({ diffId }) => had.has(diffId));
  return {
    schemaVersion: 1,
    tool: { name: "plimsoll", version },
    before: side(before),
    after: side(after),
    sharedLayers: shared.length,
    pullDelta: after.scans.reduce((sum, { diffId, storedBytes }) => (had.has(diffId) ? sum : sum + storedBytes), 0),
    files: compareTrees(before.merged.tree, after.merged.tree),
    config: compareConfigs(before.image.config, after.image.config),
    ...(scans ? compareScans(...scans) : {}),
  };
}

function side({ image, scans, merged, weight }: ExaminedImage): DifferenceSide {
  return {
    reference: image.reference,
    digest: image.digest,
    platform: formatPlatform(image.platform),
    unpacked: weight.total.unpacked,
    stored: scans.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    visible: weight.visible.unpacked,
    dead: weight.total.unpacked - weight.visible.unpacked,
    layers: scans.length,
    files: merged.tree.size,
  };
}
