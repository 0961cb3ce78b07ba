import { endOfLifeOf, type VulnerabilityMatch } from "../advisories/index.ts";
import { PlimsollError } from "../core/index.ts";
import { type Choice, formatPlatform } from "../image/index.ts";
import type { MeasuredBase } from "../remedy/index.ts";
import { catalogKeepers, releaseOf } from "./catalog-image.ts";
import { type ExaminedImage, type ExamineJob, examineImage } from "./examine-image.ts";
import { countMatches } from "./count-matches.ts";
import { scanImage, type ScanOptions } from "./scan.ts";

export interface MeasureRequest {
  /** References of one image; the first that is there is read. */
  readonly names: readonly string[];
  readonly places: readonly ("engine" | "registry")[];
  /** A registry that is asked in place of Docker Hub. */
  readonly registry?: string;
  readonly choice: Choice;
  readonly scan: ScanOptions;
  /** Milliseconds that one image may take. */
  readonly timeout: number;
}

/** An image that was read, under the name it was found by. */
export interface Measurement {
  readonly reference: string;
  readonly measured: MeasuredBase;
  /** Diff ids, base first: two images with the same are one. */
  readonly layers: readonly string[];
  /** `openKey` of every vulnerability it has. */
  readonly open: ReadonlySet<string>;
  /** The last day of free security updates of its distribution. */
  readonly supportEnd?: string;
}

/** Why an image was not measured, in a few words. */
export interface NotMeasured {
  readonly reason: string;
}

/** What stays the same of a vulnerability across versions of an image: its id, and the source package that has it. */
export function openKey({ id, package: one }: Pick<VulnerabilityMatch, "id" | "package">): string {
  return `${id} ${one.source?.name ?? one.name}`;
}

/**
 * Reads an image as far as its packages tell: from the first place that has it, by the first of its names. Never rejects but
 * when `job.signal` says so.
 */
export async function measureBase(request: MeasureRequest, job: ExamineJob): Promise<Measurement | NotMeasured> {
  const limit = AbortSignal.timeout(request.timeout);
  const signal = job.signal ? AbortSignal.any([job.signal, limit]) : limit;
  const reasons: string[] = [];
  for (const place of request.places) {
    for (const name of request.names) {
      try {
        return await measureAt(place, name, request, { ...job, signal });
      } catch (error) {
        job.signal?.throwIfAborted();
        if (limit.aborted) return { reason: `it took longer than ${Math.round(request.timeout / 1000)} s` };
        if (!(error instanceof PlimsollError)) throw error;
        // Only where a place answers that it lacks the name, the next name is worth asking.
        const lacks = error.code === "image.not-found";
        if (!lacks || name === request.names.at(-1))
          reasons.push(lacks ? `the ${place} has none of its names` : error.message);
        if (!lacks) break;
      }
    }
  }
  return { reason: reasons[0] ?? "it was not asked for" };
}

async function measureAt(
  place: "engine" | "registry",
  name: string,
  { registry, choice, scan }: MeasureRequest,
  job: ExamineJob,
): Promise<Measurement> {
  const target = `${place}:${place === "registry" && registry !== undefined ? nameAt(registry, name) : name}`;
  const examined = await examineImage({ target, choice, keepers: catalogKeepers(scan.catalogers) }, job);
  const found = scanImage(examined, scan);
  const { image, weight } = examined;
  const storedBytes = pulledBytes(examined, place);
  const counts = countMatches(found.matches.map(({ severity }) => ({ level: severity?.severity ?? "unknown" })));
  const end = supportEndOf(examined);
  return {
    reference: name,
    layers: image.layers.map(({ diffId }) => diffId),
    open: new Set(found.matches.map(openKey)),
    ...(end === undefined ? {} : { supportEnd: end }),
    measured: {
      digest: image.digest,
      platform: formatPlatform(image.platform),
      from: place,
      bytes: weight.total.unpacked,
      ...(storedBytes === undefined ? {} : { storedBytes }),
      packages: found.packages.length,
      advisories: counts,
      fixable: found.matches.filter(({ fixedIn }) => fixedIn !== undefined).length,
    },
  };
}

/** A name of Docker Hub's at another registry; other registries' names stay what they are. */
function nameAt(registry: string, name: string): string {
  const short = name.replace(/^(?:index\.)?docker\.io\//, "");
  const first = short.slice(0, Math.max(0, short.indexOf("/")));
  if (/[.:]|^localhost$/.test(first)) return name;
  return `${registry}/${first === "" ? "library/" : ""}${short}`;
}

/** Engines keep layers unpacked: what a pull would transfer is known of registries alone. */
function pulledBytes({ image }: ExaminedImage, place: string): number | undefined {
  if (place === "engine" || image.layers.some(({ size }) => size === undefined)) return undefined;
  return image.layers.reduce((sum, { size }) => sum + (size ?? 0), 0);
}

function supportEndOf(examined: ExaminedImage): string | undefined {
  const release = releaseOf(examined);
  const end = release && endOfLifeOf(release.family, release.release);
  return end?.extended?.free ? end.extended.until : end?.until;
}
