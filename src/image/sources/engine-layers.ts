import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Digest } from "../../core/index.ts";
import { digestOf, isDigest } from "../digest.ts";
import type { ImageBlobs, StoredLayer } from "../image.ts";
import { type Json, listOf, objectOf, parseObject, textOf } from "../json.ts";
import type { Limits } from "../limits.ts";
import { tarSplitLayer } from "../tar-split.ts";

/** Where each storage driver of an engine keeps a layer's files, below the engine's root. */
const fileDirectories: Readonly<Record<string, (cacheId: string) => string>> = {
  overlay2: (id) => `overlay2/${id}/diff`,
  "fuse-overlayfs": (id) => `fuse-overlayfs/${id}/diff`,
  vfs: (id) => `vfs/dir/${id}`,
};

/**
 * An image straight from the engine's own directories, with nothing copied; undefined when this process may not read
 * them, or the engine keeps images in another way. `info` and `inspected` are its answers to /info and /images/…/json.
 */
export function openEngineLayers(
  reference: string,
  info: Json,
  inspected: Json,
  limits: Limits,
): ImageBlobs | undefined {
  const root = textOf(info["DockerRootDir"]);
  const driver = textOf(info["Driver"]) ?? "";
  const directory = Object.hasOwn(fileDirectories, driver) ? fileDirectories[driver] : undefined;
  const id = inspected["Id"];
  if (!root?.startsWith("/") || !directory || !isDigest(id)) return undefined;
  try {
    const store = join(root, "image", driver);
    const config = readFileSync(join(store, "imagedb/content", id.replace(":", "/")));
    // The image's id is the digest of its configuration: when it fits, this is the engine's store and no other's.
    if (config.length > limits.documentBytes || digestOf(config) !== id) return undefined;
    const diffIds = listOf(objectOf(parseObject(config, "the image's configuration")["rootfs"])?.["diff_ids"]);
    if (!diffIds.every(isDigest) || diffIds.length > limits.layers) return undefined;
    const layers = chainIds(diffIds).map((chainId, index) => {
      const record = join(store, "layerdb", chainId.replace(":", "/"));
      const cacheId = readFileSync(join(record, "cache-id"), "utf8");
      if (!/^[0-9a-z]{1,128}$/.test(cacheId) || readFileSync(join(record, "diff"), "utf8") !== diffIds[index])
        throw new Error("not the engine's layer");
      const description = join(record, "tar-split.json.gz");
      const files = join(root, directory(cacheId));
      accessSync(description, constants.R_OK);
      accessSync(files, constants.R_OK | constants.X_OK);
      return tarSplitLayer(description, files, limits);
    });
    return {
      reference,
      config,
      digest: id,
      layers: layers.map(
        ({ direct }): StoredLayer => ({
          mediaType: "application/vnd.docker.image.rootfs.diff.tar",
          direct,
          vouchedBy: "engine",
        }),
      ),
      attestations: 0,
      annotations: {},
      async *readLayer(at) {
        const layer = layers[at];
        if (layer) yield* layer.read();
      },
      close: () => {
        for (const { direct } of layers) direct.close();
        return Promise.resolve();
      },
    };
  } catch {
    // Whatever is missing or not ours to read: the engine can still be asked to send the image.
    return undefined;
  }
}

/** What identifies a layer together with all below it (OCI image specification, "Layer ChainID"). */
function chainIds(diffIds: readonly Digest[]): readonly Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOf(Buffer.from(`${below} ${diffId}`)));
  }
  return chain;
}
