import {
  defaultLimits,
  findImage,
  imageTargets,
  type LayerScan,
  type Merged,
  mergeLayers,
  scanLayer,
} from "../../src/image/index.ts";
import { rewriteImage, type RewriteOutcome, type RewriteRequest, rewriters } from "../../src/remedy/index.ts";
import { amd64, jobWith, withImage } from "./image-view.ts";

/** An image's layers, read and laid over each other. */
export interface ReadImage {
  readonly scans: readonly LayerScan[];
  readonly merged: Merged;
}

export async function readImage(target: string, env: NodeJS.ProcessEnv = {}): Promise<ReadImage> {
  return withImage(target, jobWith(env), async ({ layers }) => {
    const scans = await Promise.all(layers.map((layer) => scanLayer(layer, defaultLimits)));
    return { scans, merged: mergeLayers(scans) };
  });
}

/** Rewrites an image as the command does. `to` is "oci:…", "archive:…" or "registry:…". */
export async function slimmed(
  from: string,
  to: string,
  options: { readonly rewriter: string; readonly baseLayers: number } & Partial<Omit<RewriteRequest, "rewriter">>,
  env: NodeJS.ProcessEnv = {},
): Promise<RewriteOutcome> {
  const rewriter = rewriters.find(({ id }) => id === options.rewriter);
  const target = imageTargets.find(({ scheme }) => to.startsWith(`${scheme}:`));
  if (!rewriter || !target) throw new Error(`no ${options.rewriter} to ${to}`);
  const read = options.scans && options.merged ? {} : await readImage(from, env);
  const job = jobWith(env);
  const image = await findImage(from, amd64, job);
  try {
    const place = to.slice(target.scheme.length + 1);
    return await rewriteImage({ ...read, ...options, image, rewriter, target, place } as RewriteRequest, job);
  } finally {
    await image.close();
  }
}
