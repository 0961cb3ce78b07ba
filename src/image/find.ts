import { PlimsollError } from "../core/index.ts";
import type { Image } from "./image.ts";
import { type Choice, NoImageInside } from "./layout.ts";
import { openImage } from "./open.ts";
import { formatPlatform, platformMatches } from "./platform.ts";
import type { ImageSource, SourceJob } from "./source.ts";
import { imageSources } from "./sources/list.ts";

/**
 * Opens an image: `scheme:target` from that source, a bare target from the nearest source that has it. Throws
 * `image.not-found`, saying what was tried, and what the sources throw.
 */
export async function findImage(
  target: string,
  choice: Choice,
  job: SourceJob,
  sources: readonly ImageSource[] = imageSources,
): Promise<Image> {
  const named = schemeOf(target, sources);
  if (named) return openFrom(named, target.slice(named.scheme.length + 1), choice, job);
  const tried: string[] = [];
  for (const source of sources) {
    const miss = await source.misses(target, job);
    if (miss === undefined) {
      try {
        return await openFrom(source, target, choice, job);
      } catch (error) {
        if (!(error instanceof PlimsollError)) throw error;
        const last = source === sources.at(-1);
        const goesOn = error instanceof NoImageInside || (last && error.code === "image.not-found");
        if (!goesOn) throw last ? withTried(error, tried) : error;
        tried.push(`${source.scheme}: ${error.message}`);
      }
    } else tried.push(`${source.scheme}: ${miss}`);
  }
  throw new PlimsollError("image.not-found", `there is no image ${target}`, { hint: `tried ${tried.join("; ")}` });
}

/** The registry's own image is called `registry`, so that `registry:2` is a name and no place. */
function schemeOf(target: string, sources: readonly ImageSource[]): ImageSource | undefined {
  if (/^registry:(?:v?\d[\w.-]*|latest)$/.test(target)) return undefined;
  return sources.find(({ scheme }) => target.startsWith(`${scheme}:`));
}

async function openFrom(source: ImageSource, target: string, choice: Choice, job: SourceJob): Promise<Image> {
  const blobs = await source.open(target, choice, job);
  try {
    const image = openImage(blobs, job.limits);
    if (choice.platformAsked && !platformMatches(image.platform, choice.platform))
      throw new PlimsollError("image.platform", `${target} is not for ${formatPlatform(choice.platform)}`, {
        hint: `it is for ${formatPlatform(image.platform)}`,
      });
    return image;
  } catch (error) {
    await blobs.close();
    throw error;
  }
}

function withTried(error: PlimsollError, tried: readonly string[]): PlimsollError {
  const hint = [...(error.hint === undefined ? [] : [error.hint]), ...tried.map((one) => `tried ${one}`)].join("; ");
  return new PlimsollError(error.code, error.message, { hint, cause: error });
}
