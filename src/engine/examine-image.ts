import type { Gap } from "../core/index.ts";
import {
  type Choice,
  findImage,
  type Image,
  type Keeper,
  type Layer,
  type LayerCache,
  type LayerScan,
  type Merged,
  type DigestNeed,
  digestNeeded,
  mergeLayers,
  scanDirect,
  scanLayer,
  type SourceJob,
} from "../image/index.ts";
import type { Dockerfile } from "../syntax/index.ts";
import {
  type Attribution,
  type AttributionFacts,
  attributeLayers,
  type Origin,
  readProvenLines,
  weighImage,
  type WeightReport,
} from "../weight/index.ts";

export interface ExamineRequest {
  /** "debian:12", "archive:app.tar", a path. */
  readonly target: string;
  readonly choice: Choice;
  /** What it was built from; `stage` when not the last. */
  readonly dockerfile?: Dockerfile;
  readonly stage?: string;
  /** What it may have been built from: one counts only when every layer above the base is one of its own. */
  readonly candidates?: readonly Dockerfile[];
  /** The base image, when it is known: its layers are then told apart for certain. */
  readonly base?: string;
  /** Which files must have digests, where having them means reading what nobody else reads; "merge" when not said. */
  readonly digests?: DigestNeed;
  /** Who wants contents of files. */
  readonly keepers?: readonly Keeper[];
}

export interface ExamineJob extends SourceJob {
  readonly cache?: LayerCache;
}

/** All that reading an image once tells. What takes time to work out is worked out when it is asked for. */
export interface ExaminedImage {
  readonly image: Omit<Image, "close">;
  readonly scans: readonly LayerScan[];
  readonly merged: Merged;
  readonly weight: WeightReport;
  /** What it was built from, as far as the layers tell. */
  readonly dockerfile?: Dockerfile;
  readonly gaps: readonly Gap[];
  /**
   * Works something out of the layers, or knows it from the last time. What `make` gives must be JSON, and depend on nothing but
   * the layers and what the question names.
   */
  remember<T>(question: readonly unknown[], make: () => T): T;
}

/** Steps 4 to 6 of the design: open the image, read each layer once (or what is known of it), lay them over each other, weigh. */
export async function examineImage(request: ExamineRequest, job: ExamineJob): Promise<ExaminedImage> {
  const keepers = request.keepers ?? [];
  const image = await findImage(request.target, request.choice, job);
  try {
    const scans = await scanAll(image.layers, keepers, request.digests ?? "merge", job);
    const base = await openBase(request, image, job);
    const statement = await image.provenance?.();
    const proven = statement && readProvenLines(statement);
    const attribution = attribute(request, image, { ...base, ...(proven ? { proven } : {}) });
    return new Examined(image, scans, attribution, job.cache);
  } finally {
    await image.close();
  }
}

class Examined implements ExaminedImage {
  readonly image: Image;
  readonly scans: readonly LayerScan[];
  readonly gaps: readonly Gap[];
  readonly dockerfile?: Dockerfile;
  readonly #attribution: Attribution;
  readonly #cache: LayerCache | undefined;
  readonly #stamps: readonly (string | undefined)[];
  #merged: Merged | undefined;
  #weight: WeightReport | undefined;

  constructor(
    image: Image,
    scans: readonly LayerScan[],
    attribution: Attribution & { readonly dockerfile?: Dockerfile },
    cache: LayerCache | undefined,
  ) {
    this.image = image;
    this.scans = scans;
    this.gaps = [...image.gaps, ...scans.flatMap((scan) => scan.gaps)];
    if (attribution.dockerfile) this.dockerfile = attribution.dockerfile;
    this.#attribution = attribution;
    this.#stamps = scans.map(({ stamp }) => stamp);
    this.#cache = this.#stamps.includes(undefined) ? undefined : cache;
  }

  get merged(): Merged {
    this.#merged ??= mergeLayers(this.scans);
    return this.#merged;
  }

  get weight(): WeightReport {
    this.#weight ??= this.#weigh();
    return this.#weight;
  }

  #weigh(): WeightReport {
    const { origins, baseLayers } = this.#attribution;
    const found = this.remember(["weight"], () => weighImage(this.scans, this.merged, [], 0));
    const layers = found.layers.map((layer, index) => ({ ...layer, origin: origins[index] ?? layer.origin }));
    return { ...found, layers, baseLayers };
  }

  remember<T>(question: readonly unknown[], make: () => T): T {
    const key = JSON.stringify([...question, this.#stamps]);
    const known = this.#cache?.answer(key);
    if (known !== undefined) return known as T;
    const found = make();
    this.#cache?.remember(key, found);
    return found;
  }
}

function attribute(
  { dockerfile, stage, candidates = [] }: ExamineRequest,
  { config, layers }: Image,
  known: Pick<AttributionFacts, "baseLayers" | "baseReference" | "proven">,
): Attribution & { dockerfile?: Dockerfile } {
  const digests = layers.map(({ digest }) => digest);
  const facts: AttributionFacts = { history: config.history, layers: layers.length, digests, ...known };
  const by = (one: Dockerfile): Attribution & { dockerfile: Dockerfile } => ({
    ...attributeLayers({ ...facts, dockerfile: one, ...(stage === undefined ? {} : { target: stage }) }),
    dockerfile: one,
  });
  if (dockerfile) return by(dockerfile);
  const fits = ({ origins }: Attribution): boolean =>
    origins.some(({ kind }) => kind === "instruction") && origins.every(isSure);
  const found = candidates.map(by).find(fits) ?? attributeLayers(facts);
  const { proven } = known;
  return proven && !("dockerfile" in found) ? { ...found, dockerfile: proven.dockerfile } : found;
}

function isSure(origin: Origin): boolean {
  return origin.kind === "base" || (origin.kind === "instruction" && origin.certainty !== "index");
}

const atOnce = 3;

/** Layers side by side, a few at a time: unpacking goes on in other threads. */
async function scanAll(
  layers: readonly Layer[],
  keepers: readonly Keeper[],
  digests: DigestNeed,
  job: ExamineJob,
): Promise<readonly LayerScan[]> {
  const known = layers.map((layer) => job.cache?.get(layer, keepers));
  const scans: LayerScan[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < layers.length; index = next++) {
      const layer = layers[index];
      const kept = known[index];
      // Without all digests a scan serves only where the files can still be asked for those that are missing.
      if (layer) scans[index] = kept && (kept.digested || layer.direct) ? kept : await scanOne(layer, keepers, job);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const question = JSON.stringify(["digests", digests, scans.map(({ stamp }) => stamp)]);
  const allKept = scans.every(({ stamp }) => stamp !== undefined);
  // That nothing is missing takes going through all entries: it is done once for the same scans.
  if (allKept && job.cache?.answer(question) === true) return scans;
  const digested = digestNeeded(scans, layers, digests, job.signal);
  if (allKept && digested.every((scan, index) => scan === scans[index])) job.cache?.remember(question, true);
  return digested.map((scan, index) => {
    const layer = layers[index];
    const isNew = layer && layer.absent === undefined && scan !== known[index];
    return isNew && job.cache ? job.cache.put(layer, scan) : scan;
  });
}

async function scanOne(layer: Layer, keepers: readonly Keeper[], job: ExamineJob): Promise<LayerScan> {
  if (layer.absent !== undefined)
    return {
      diffId: layer.diffId,
      entries: [],
      tarBytes: 0,
      storedBytes: layer.size ?? 0,
      kept: [],
      keepers: keepers.map(({ id }) => id),
      gaps: [],
      digested: true,
    };
  return layer.direct
    ? scanDirect(layer, layer.direct, job.limits, keepers, job.signal, (bytes) =>
        job.progress?.(readingOf(layer), bytes),
      )
    : scanLayer(watched(layer, job), job.limits, keepers, job.signal);
}

/** A layer whose reading is told of: a gigabyte takes its time, wherever it lies. */
function watched(layer: Layer, { progress }: ExamineJob): Layer {
  if (!progress) return layer;
  return {
    ...layer,
    async *read() {
      let bytes = 0;
      for await (const part of layer.read()) {
        bytes += part.length;
        progress(readingOf(layer), bytes);
        yield part;
      }
    },
  };
}

function readingOf({ diffId }: Layer): string {
  return `reading ${diffId.slice(7, 19)}`;
}

/** How many layers the base has, when it can be looked at and the image really starts with them. */
async function openBase(
  { base, choice }: ExamineRequest,
  image: Image,
  job: SourceJob,
): Promise<{ baseLayers?: number; baseReference?: string }> {
  if (base === undefined) return {};
  const opened = await findImage(base, { platform: image.platform, platformAsked: choice.platformAsked }, job);
  const layers = opened.layers.map(({ diffId }) => diffId);
  await opened.close();
  const starts = layers.every((diffId, index) => image.layers[index]?.diffId === diffId);
  return starts ? { baseLayers: layers.length, baseReference: base } : {};
}
