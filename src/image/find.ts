import { PlimsollError } from "../core/index.ts";
import type { Image } from "./image.ts";
import type { Choice } from "./layout.ts";
import { openImage } from "./open.ts";
import type { ImageSource, SourceJob } from "./source.ts";
import { imageSources } from "./sources/list.ts";

/**
 * Opens an image: `scheme:target` from that source, a bare target from the nearest source that has it. Throws
 * `image.not-found`, saying what was tried.
 */
export async function findImage(
  target: string,
  choice: Choice,
  job: SourceJob,
  sources: readonly ImageSource[] = imageSources,
): Promise<Image> {
  const named = sources.find(({ scheme }) => target.startsWith(`${scheme}:`));
  if (named) return openImage(await named.open(target.slice(named.scheme.length + 1), choice, job), job.limits);
  for (const source of sources) {
    if (await source.has(target, job)) return openImage(await source.open(target, choice, job), job.limits);
  }
  throw new PlimsollError("image.not-found", `there is no image ${target}`, {
    hint: `looked for ${sources.map(({ summary }) => summary.split(";")[0]).join(", ")}`,
  });
}
