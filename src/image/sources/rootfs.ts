import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Digest, type Gap, PlimsollError } from "../../core/index.ts";
import { kindOf } from "../../host/index.ts";
import { digestOf } from "../digest.ts";
import type { ImageBlobs, StoredLayer } from "../image.ts";
import type { Choice } from "../layout.ts";
import type { Limits } from "../limits.ts";
import type { ImageSource, SourceJob } from "../source.ts";
import { TarParser } from "../tar.ts";
import { directoryTar } from "./directory-tar.ts";
import { readPath } from "./read-range.ts";
import { isFile, packingOf, unpack } from "./unpack.ts";

/** A root file system that is no image: a directory, or what `docker export` writes. It becomes an image of one layer. */
export const rootfs: ImageSource = {
  scheme: "rootfs",
  summary: "a root file system: a directory, or a tar of one such as docker export writes",
  async misses(target, { limits }) {
    if (isFile(target)) return (await holdsRoot(target, limits)) ? undefined : "the file holds no root file system";
    const has = (name: string): boolean => kindOf(join(target, name)) === "directory";
    return has("etc") && (has("usr") || has("bin")) ? undefined : "no directory with etc and usr in it";
  },
  async open(target, choice, job) {
    if (isFile(target)) {
      if (!packingOf(target))
        throw new PlimsollError("image.invalid", `${target} is no tar`, { hint: "make it with `docker export`" });
      const diffId = await hash(unpack(target, job.limits), target, job);
      return imageOf(target, choice, diffId, { size: statSync(target).size }, () => readPath(target));
    }
    if (kindOf(target) !== "directory")
      throw new PlimsollError("image.not-found", `${target} is neither a directory nor a file`);
    const tar = directoryTar(target, job.limits);
    const diffId = await hash(tar.read(), target, job);
    const noAttributes: Gap = {
      subject: target,
      reason: "extended attributes (file capabilities) are not read from directories",
    };
    return { ...imageOf(target, choice, diffId, {}, () => tar.read()), gaps: [noAttributes, ...tar.gaps()] };
  },
};

/** The digest of the tar, which is the layer's name; it is read once more when the layer is. */
async function hash(
  parts: AsyncIterable<Uint8Array>,
  target: string,
  { progress, signal }: SourceJob,
): Promise<Digest> {
  const sum = createHash("sha256");
  let bytes = 0;
  for await (const part of parts) {
    signal?.throwIfAborted();
    sum.update(part);
    bytes += part.length;
    progress?.(`reading ${target}`, bytes);
  }
  return `sha256:${sum.digest("hex")}`;
}

/** An image around the layer. For which machine it is nobody says, so it counts as one for whichever was asked. */
function imageOf(
  reference: string,
  { platform }: Choice,
  diffId: Digest,
  stored: Partial<StoredLayer>,
  read: () => AsyncIterable<Uint8Array>,
): ImageBlobs {
  const config = Buffer.from(
    JSON.stringify({
      ...platform,
      config: {},
      rootfs: { type: "layers", diff_ids: [diffId] },
      history: [{ created_by: `root file system ${reference}` }],
    }),
  );
  return {
    reference,
    config,
    digest: digestOf(config),
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...stored }],
    attestations: 0,
    annotations: {},
    readLayer: () => read(),
    close: () => Promise.resolve(),
  };
}

/** A bare file counts as a root file system when etc, usr or bin are seen within its first megabytes. */
const searched = 64 << 20;

async function holdsRoot(path: string, limits: Limits): Promise<boolean> {
  let found = false;
  let bytes = 0;
  try {
    if (!packingOf(path)) return false;
    const look = (entry: { readonly path: string }): void => {
      found ||= /^(?:etc|usr|bin)(?:\/|$)/.test(entry.path);
    };
    const parser = new TarParser({ entry: look, gap: () => {} }, limits);
    for await (const part of unpack(path, limits)) {
      parser.push(part);
      bytes += part.length;
      if (found || bytes > searched) break;
    }
  } catch {
    return false;
  }
  return found;
}
