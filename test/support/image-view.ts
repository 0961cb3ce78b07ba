import { createHash } from "node:crypto";
import {
  defaultLimits,
  type FileEntry,
  findImage,
  type Image,
  scanLayer,
  type SourceJob,
} from "../../src/image/index.ts";

/** What must be the same of an image wherever it is read from. */
export interface ImageView {
  readonly config: Image["config"];
  readonly platform: Image["platform"];
  readonly layers: readonly {
    readonly diffId: string;
    readonly tarBytes: number;
    readonly entries: readonly FileEntry[];
  }[];
}

export const amd64 = { platform: { os: "linux", architecture: "amd64" }, platformAsked: false } as const;

/** A job whose surroundings are only what `env` says. */
export function jobWith(env: SourceJob["env"] = {}, more: Partial<SourceJob> = {}): SourceJob {
  return { limits: defaultLimits, env: { HOME: "/nonexistent", PATH: process.env["PATH"], ...env }, ...more };
}

/** Opens an image, hands it over, and closes it. */
export async function withImage<T>(
  target: string,
  job: SourceJob,
  use: (image: Image) => Promise<T> | T,
  choice: Parameters<typeof findImage>[1] = amd64,
): Promise<T> {
  const image = await findImage(target, choice, job);
  try {
    return await use(image);
  } finally {
    await image.close();
  }
}

/** Reads every layer as its tar, all digests verified. */
export async function viewOf(image: Image): Promise<ImageView> {
  const layers = [];
  for (const layer of image.layers) {
    const { diffId, tarBytes, entries } = await scanLayer(layer, defaultLimits);
    layers.push({ diffId, tarBytes, entries: entries.map(fixed) });
  }
  return { config: image.config, platform: image.platform, layers };
}

/** Lists every layer without its tar; the contents of its files are opened one by one and hashed here. */
export async function directViewOf(image: Image): Promise<ImageView> {
  const layers = [];
  for (const { diffId, direct } of image.layers) {
    if (!direct) throw new Error("the layer is not direct");
    const entries = [];
    for await (const some of direct.entries())
      for (const entry of some) entries.push(fixed(withDigest(entry, (path) => direct.open(path))));
    if (direct.gaps.length > 0) throw new Error(direct.gaps[0]?.reason);
    layers.push({ diffId, tarBytes: direct.tarBytes, entries });
  }
  return { config: image.config, platform: image.platform, layers };
}

function withDigest(entry: FileEntry, open: NonNullable<Image["layers"][0]["direct"]>["open"]): FileEntry {
  if (entry.type !== "file") return entry;
  const file = open(entry.path);
  if (!file) throw new Error(`${entry.path} cannot be opened`);
  const hash = createHash("sha256");
  for (let at = 0; at < file.size; ) {
    const part = file.read(at, 1 << 20);
    if (part.length === 0) throw new Error(`${entry.path} ends too early`);
    hash.update(part);
    at += part.length;
  }
  return { ...entry, digest: `sha256:${hash.digest("hex")}` };
}

/** All of an entry but its share of the stored bytes, which depends on how the layer is packed. */
function fixed(entry: FileEntry): FileEntry {
  return { ...entry, storedBytes: 0 };
}
