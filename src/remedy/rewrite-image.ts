import { type Digest, type Gap, PlimsollError } from "../core/index.ts";
import {
  configType,
  digestOf,
  type Encoding,
  type FileEntry,
  findImage,
  type Image,
  type ImageTarget,
  type LayerScan,
  type Merged,
  manifestType,
  mergeLayers,
  type OutputImage,
  type PackedLayer,
  requireEncoding,
  scanLayer,
  type SourceJob,
  type StagedImage,
} from "../image/index.ts";
import { LayerPacker } from "./pack-layers.ts";
import { compareForProof, type TreeDifference } from "./proof/same-tree.ts";
import { compareSettings, rewriteConfig, sortedJson } from "./rewrite-config.ts";
import type { PlannedLayer, Rewriter, RewriteSubject } from "./rewriters/rewriter.ts";

export interface RewriteRequest {
  readonly image: Image;
  /** Of its layers, with the digests of all files. */
  readonly scans: readonly LayerScan[];
  readonly merged: Merged;
  readonly baseLayers: number;
  readonly rewriter: Rewriter;
  /** Files above the base that are to be left out, with all their names. */
  readonly dropped?: ReadonlySet<FileEntry>;
  /** How every layer above the base is to be packed; without it new layers are packed with gzip, others stay as they are. */
  readonly recompress?: Exclude<Encoding, "gzip">;
  /** SOURCE_DATE_EPOCH, seconds since 1970. */
  readonly epoch?: number;
  /** Where to, and what its `stage` is given. */
  readonly target: ImageTarget;
  readonly place: string;
}

/** How heavy an image is. */
export interface ImageMeasure {
  readonly layers: number;
  /** Regular files in all layers, those that no container sees among them. */
  readonly files: number;
  /** Bytes of the layers' tars, and of the layers as stored. */
  readonly unpacked: number;
  readonly stored: number;
}

export interface RewriteOutcome {
  readonly before: ImageMeasure;
  readonly after: ImageMeasure;
  /** Whether any layer is another than before. */
  readonly changed: boolean;
  /** Layers of the input that are in the output byte for byte as it was given them, from 0. */
  readonly keptLayers: readonly number[];
  readonly dropped: number;
  /** Layers of the output that are stored without compression, as they were in the input. */
  readonly uncompressed: number;
  readonly manifestDigest: Digest;
  readonly proof: RewriteProof;
  /** Where it is now; absent when the proof failed, and then nothing was kept. */
  readonly written?: string;
}

/** What came of opening the result again and comparing it with the image it was made from. */
export interface RewriteProof {
  readonly verdict: "proved" | "rejected";
  /** Paths that were compared. */
  readonly paths: number;
  /** The first differences. */
  readonly differences: readonly TreeDifference[];
  /** Settings of the configuration that differ. */
  readonly settings: readonly string[];
}

const differencesShown = 20;

/**
 * Lays an image out anew and writes it, without an engine. What was written is opened again and compared before it goes to its
 * place: file trees by every property, configurations but for `rootfs`, `history` and `created`. What is not the same is
 * deleted, and the outcome says where it differs. Throws `image.invalid`, `image.limit`, `image.digest-mismatch`,
 * `output.unwritable`, `usage.unknown-option`, and what a registry's client throws.
 */
export async function rewriteImage(request: RewriteRequest, job: SourceJob): Promise<RewriteOutcome> {
  const { image, scans, recompress, target, place } = request;
  if (recompress) requireEncoding(recompress);
  refuseGaps([...image.gaps, ...scans.flatMap(({ gaps }) => gaps)]);
  const packer = new LayerPacker(image.layers, scans, job);
  try {
    const { layers, rejected } = await packAll(request, packer);
    const { output, manifestDigest } = outputOf(request, layers);
    const facts = {
      before: measure(scans),
      keptLayers: layers.flatMap(({ planned, kept }) => (kept ? planned.from : [])),
      dropped: request.dropped?.size ?? 0,
      uncompressed: layers.filter(({ packed }) => packed.mediaType.endsWith(".tar")).length,
      manifestDigest,
    };
    const changed = facts.keptLayers.length < image.layers.length;
    if (rejected) return { ...facts, changed, after: facts.before, proof: rejected };
    const staged = await target.stage(place, output, job);
    try {
      const { proof, after } = await prove(request, staged, job);
      if (proof.verdict === "rejected") return { ...facts, changed, after, proof };
      return { ...facts, changed, after, proof, written: await staged.commit() };
    } finally {
      await staged.discard();
    }
  } finally {
    packer.close();
  }
}

interface WrittenLayer {
  readonly planned: PlannedLayer;
  readonly packed: PackedLayer;
  /** Whether it is the layer it was made from, byte for byte. */
  readonly kept: boolean;
}

/** Plans and packs until every new layer is smaller than what it takes the place of, or may be larger. */
async function packAll(
  request: RewriteRequest,
  packer: LayerPacker,
): Promise<{ layers: readonly WrittenLayer[]; rejected?: RewriteProof }> {
  const { scans, merged, baseLayers, rewriter, recompress, epoch, dropped = new Set() } = request;
  const frozen = new Set<number>();
  for (;;) {
    const subject: RewriteSubject = {
      scans,
      merged,
      baseLayers,
      dropped,
      frozen,
      ...(epoch === undefined ? {} : { epoch }),
    };
    const plan = rewriter.plan(subject);
    const differences = compareForProof(merged.tree, mergeLayers(plan).tree, subject);
    const layers: WrittenLayer[] = [];
    let again = false;
    // A plan that would not hold is not carried out; what remains is to say so.
    const doable = differences.length === 0 ? plan : [];
    for (const planned of withoutEmpty(doable)) {
      const { from, pieces } = planned;
      const packed = pieces
        ? await packer.pieces(pieces, recompress ?? "gzip")
        : await packer.asItIs(from[0] ?? 0, recompress && (from[0] ?? 0) >= baseLayers ? recompress : undefined);
      const larger = pieces !== undefined && packed.size >= packer.storedBytes(from);
      const holdsDropped = dropped.size > 0 && from.some((one) => scans[one]?.entries.some((e) => dropped.has(e)));
      if (larger && rewriter.onlySmaller && !holdsDropped) {
        for (const one of from) frozen.add(one);
        again = true;
      } else layers.push({ planned, packed, kept: packer.isStored(packed, from[0]) });
    }
    if (again) continue;
    if (differences.length === 0) return { layers };
    return { layers, rejected: proofOf(differences, [], merged.tree.size) };
  }
}

/** Layers with nothing left in them are not written; one always is, for an image without layers is refused by engines. */
function withoutEmpty(plan: readonly PlannedLayer[]): readonly PlannedLayer[] {
  const full = plan.filter(({ pieces }) => pieces?.length !== 0);
  return full.length > 0 ? full : plan.slice(0, 1);
}

/** The documents of the new image (OCI image specification, "Image Manifest"); keys sorted, annotations kept. */
function outputOf(
  { image, epoch }: RewriteRequest,
  layers: readonly WrittenLayer[],
): { output: OutputImage; manifestDigest: Digest } {
  const unchanged =
    layers.length === image.layers.length &&
    layers.every((one, index) => one.packed.diffId === image.layers[index]?.diffId);
  const config =
    unchanged && epoch === undefined
      ? image.configBytes
      : rewriteConfig(
          image.configBytes,
          layers.map(({ planned, packed }) => ({ planned, diffId: packed.diffId })),
          epoch,
        );
  const manifest = Buffer.from(
    sortedJson({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: configType, digest: digestOf(config), size: config.length },
      layers: layers.map(({ packed: { mediaType, digest, size } }) => ({ mediaType, digest, size })),
      annotations: { ...image.annotations, "dev.plimsoll.rewritten-from": image.digest },
    }),
  );
  return {
    output: { manifest, config, layers: layers.map(({ packed }) => packed) },
    manifestDigest: digestOf(manifest),
  };
}

async function prove(
  request: RewriteRequest,
  staged: StagedImage,
  job: SourceJob,
): Promise<{ proof: RewriteProof; after: ImageMeasure }> {
  const { image, merged, epoch, dropped = new Set() } = request;
  const result = await findImage(staged.reopen, { platform: image.platform, platformAsked: false }, job);
  try {
    const scans: LayerScan[] = [];
    for (const layer of result.layers) scans.push(await scanLayer(layer, job.limits, [], job.signal));
    const expected = { dropped, ...(epoch === undefined ? {} : { epoch }) };
    const { tree } = mergeLayers(scans);
    const differences = compareForProof(merged.tree, tree, expected);
    const settings = compareSettings(image.configBytes, result.configBytes);
    const after = measure(scans);
    return { proof: proofOf(differences, settings, tree.size), after };
  } finally {
    await result.close();
  }
}

function proofOf(differences: readonly TreeDifference[], settings: readonly string[], paths: number): RewriteProof {
  return {
    verdict: differences.length === 0 && settings.length === 0 ? "proved" : "rejected",
    paths,
    differences: differences.slice(0, differencesShown),
    settings,
  };
}

function measure(scans: readonly LayerScan[]): ImageMeasure {
  let files = 0;
  for (const { entries } of scans) for (const { type } of entries) if (type === "file") files++;
  return {
    layers: scans.length,
    files,
    unpacked: scans.reduce((sum, { tarBytes }) => sum + tarBytes, 0),
    stored: scans.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
  };
}

/** What was not wholly read cannot be proved to be the same. */
function refuseGaps(gaps: readonly Gap[]): void {
  const [gap] = gaps;
  if (gap)
    throw new PlimsollError("image.limit", `the image cannot be read whole: ${gap.subject}: ${gap.reason}`, {
      hint: "an image is rewritten only when everything in it was read",
    });
}
