import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { PlimsollError } from "../../core/index.ts";
import { digestOf, verify } from "../digest.ts";
import type { ImageBlobs, StoredLayer } from "../image.ts";
import { type Json, listOf, objectOf, parseList, parseObject, textMapOf, textOf, textsOf } from "../json.ts";
import { readManifest } from "../layout.ts";
import type { Limits } from "../limits.ts";
import { formatReference, parseReference } from "../registry/reference.ts";
import type { ImageSource, SourceJob } from "../source.ts";
import { tarSplitLayer } from "../tar-split.ts";

/** An image in the store of podman, buildah and CRI-O (github.com/containers/storage), read where it lies. */
export const containersStorage: ImageSource = {
  scheme: "containers-storage",
  summary: "an image in the store of podman or buildah; [ROOT]NAME for a store elsewhere",
  misses(target, job) {
    const { roots, name } = placeOf(target, job);
    const stores = roots.flatMap(storesIn);
    if (stores.length === 0) return Promise.resolve(`no store at ${roots.join(" or ")}`);
    return Promise.resolve(findIn(stores, name) ? undefined : `no image ${name} in ${roots.join(" or ")}`);
  },
  // oxlint-disable-next-line require-await -- what it throws must reject
  async open(target, _choice, job) {
    const { roots, name } = placeOf(target, job);
    const found = findIn(roots.flatMap(storesIn), name);
    if (!found)
      throw new PlimsollError("image.not-found", `there is no image ${name} in ${roots.join(" or ")}`, {
        hint: "podman images lists what there is",
      });
    return openStored(target, found.store, found.image, job.limits);
  },
};

/** The image of an id from the store that an engine says it uses; undefined when it cannot be read from here. */
export function openInStore(root: string, id: string, reference: string, limits: Limits): ImageBlobs | undefined {
  try {
    const found = findIn(storesIn(root), id);
    const blobs = found && openStored(reference, found.store, found.image, limits);
    return blobs?.layers.some(({ absent }) => absent !== undefined) ? undefined : blobs;
  } catch {
    return undefined;
  }
}

/** One storage driver's part of a store. */
interface Store {
  readonly root: string;
  readonly driver: "overlay" | "vfs";
}

/** Bytes of a store's own lists. */
const listBytes = 64 << 20;

/** `NAME`, or `[ROOT]NAME` and `[DRIVER@ROOT+RUNROOT]NAME` as skopeo has it. */
function placeOf(target: string, { env }: SourceJob): { readonly roots: readonly string[]; readonly name: string } {
  const close = target.startsWith("[") ? target.indexOf("]") : -1;
  if (close < 0) return { roots: usualRoots(env), name: target };
  const root = target
    .slice(1, close)
    .replace(/^[a-z]+@/, "")
    .replace(/\+.*$/, "");
  return { roots: [root], name: target.slice(close + 1) };
}

function usualRoots(env: SourceJob["env"]): readonly string[] {
  const home = env["HOME"];
  const settings = [
    env["CONTAINERS_STORAGE_CONF"],
    home && join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "containers/storage.conf"),
    "/etc/containers/storage.conf",
  ].flatMap((path) => (path ? (graphRoot(path) ?? []) : []));
  const data = env["XDG_DATA_HOME"] || (home ? join(home, ".local/share") : undefined);
  const usual = [...(data ? [join(data, "containers/storage")] : []), "/var/lib/containers/storage"];
  return [...new Set([...settings, ...usual])];
}

/** The one setting that counts here (containers-storage.conf(5)). */
function graphRoot(path: string): string | undefined {
  const text = readSmall(path, 1 << 20)?.toString("utf8") ?? "";
  return /^[ \t]*graphroot[ \t]*=[ \t]*"([^"\n$]{1,4096})"/m.exec(text)?.[1];
}

function storesIn(root: string): readonly Store[] {
  const drivers = ["overlay", "vfs"] as const;
  return drivers.flatMap((driver) => (readSmall(imagesFile({ root, driver }), listBytes) ? [{ root, driver }] : []));
}

function imagesFile({ root, driver }: Store): string {
  return join(root, `${driver}-images`, "images.json");
}

function findIn(stores: readonly Store[], name: string): { readonly store: Store; readonly image: Json } | undefined {
  for (const store of stores) {
    const bytes = readSmall(imagesFile(store), listBytes);
    const images = bytes ? readListQuietly(bytes) : [];
    const image = images.map(objectOf).find((one) => one !== undefined && isCalled(one, name));
    if (image) return { store, image };
  }
  return undefined;
}

function readListQuietly(bytes: Uint8Array): readonly unknown[] {
  try {
    return parseList(bytes, "a list of images");
  } catch {
    return [];
  }
}

/** By id, by digest, or by name; a name without a host may be one made here, which then has the host `localhost`. */
function isCalled(image: Json, wanted: string): boolean {
  const id = textOf(image["id"]) ?? "";
  if (/^[0-9a-f]{12,64}$/.test(wanted) && id.startsWith(wanted)) return true;
  const reference = parseReference(wanted);
  const here = parseReference(`localhost/${wanted}`);
  const names = textsOf(image["names"]);
  if (reference?.digest !== undefined) {
    const { registry, repository, digest } = reference;
    return image["digest"] === digest && names.some((name) => name.startsWith(`${registry}/${repository}:`));
  }
  return names.some(
    (name) =>
      name === wanted ||
      (reference !== undefined && name === formatReference(reference)) ||
      (here !== undefined && name === formatReference(here)),
  );
}

function openStored(reference: string, store: Store, image: Json, limits: Limits): ImageBlobs {
  const id = hexOf(image["id"], "an image");
  const directory = join(store.root, `${store.driver}-images`, id);
  const manifestBytes = readBig(directory, "manifest", limits);
  const manifest = parseObject(manifestBytes, "the image's manifest");
  const { config: descriptor } = readManifest(manifest, limits);
  const config = readBig(directory, descriptor.digest, limits);
  verify(config, descriptor.digest, "the image's configuration");
  const layers = layersOf(store, image, limits);
  const diffIds = listOf(objectOf(parseObject(config, "the image's configuration")["rootfs"])?.["diff_ids"]);
  if (!layers.every(({ diffId }, index) => diffId === diffIds[index]))
    throw new PlimsollError("image.invalid", "the store's layers are not those of the image's configuration", {
      hint: "podman system check",
    });
  return {
    reference,
    config,
    digest: digestOf(manifestBytes),
    layers: layers.map(({ size, layer }): StoredLayer => {
      const stored = { mediaType: "application/vnd.oci.image.layer.v1.tar", ...(size === undefined ? {} : { size }) };
      if (!layer) return { ...stored, absent: "its files cannot be read in the store" };
      return { ...stored, direct: layer.direct, vouchedBy: "engine" };
    }),
    attestations: 0,
    annotations: textMapOf(manifest["annotations"]),
    async *readLayer(at) {
      const layer = layers[at]?.layer;
      if (!layer) throw new PlimsollError("image.invalid", `layer ${at + 1} cannot be read in the store`);
      yield* layer.read();
    },
    close: () => {
      for (const { layer } of layers) layer?.direct.close();
      return Promise.resolve();
    },
  };
}

interface StoreLayer {
  readonly diffId: unknown;
  readonly size: number | undefined;
  readonly layer: ReturnType<typeof tarSplitLayer> | undefined;
}

/** From the image's topmost layer down by `parent`; base first. */
function layersOf(store: Store, image: Json, limits: Limits): readonly StoreLayer[] {
  const list = readSmall(join(store.root, `${store.driver}-layers`, "layers.json"), listBytes);
  const known = new Map<unknown, Json>();
  for (const one of list ? listOf(parseList(list, "a list of layers")) : []) {
    const layer = objectOf(one);
    if (layer) known.set(layer["id"], layer);
  }
  const found: StoreLayer[] = [];
  for (let id = textOf(image["layer"]); id; ) {
    if (found.length >= limits.layers)
      throw new PlimsollError("image.limit", `the image has more than ${limits.layers} layers`);
    const layer = known.get(id);
    if (!layer) throw new PlimsollError("image.invalid", `layer ${id.slice(0, 12)} is not in the store`);
    const size = layer["diff-size"];
    found.push({
      diffId: layer["diff-digest"],
      size: typeof size === "number" ? size : undefined,
      layer: openLayer(store, hexOf(id, "a layer"), limits),
    });
    id = textOf(layer["parent"]);
  }
  return found.reverse();
}

function openLayer({ root, driver }: Store, id: string, limits: Limits): StoreLayer["layer"] {
  const description = join(root, `${driver}-layers`, `${id}.tar-split.gz`);
  const files = driver === "overlay" ? join(root, "overlay", id, "diff") : join(root, "vfs/dir", id);
  try {
    accessSync(description, constants.R_OK);
    accessSync(files, constants.R_OK | constants.X_OK);
  } catch {
    return undefined;
  }
  return tarSplitLayer(description, files, limits);
}

/** Documents are files named for their key; a key with odd characters stands in base64 behind "=". */
function readBig(directory: string, key: string, limits: Limits): Buffer {
  const name = /^[a-z]+$/.test(key) ? key : `=${Buffer.from(key).toString("base64")}`;
  const bytes = readSmall(join(directory, name), limits.documentBytes);
  if (!bytes) throw new PlimsollError("image.invalid", `the store does not hold the image's ${key.slice(0, 19)}`);
  return bytes;
}

function hexOf(value: unknown, what: string): string {
  if (typeof value === "string" && /^[0-9a-f]{64}$/.test(value)) return value;
  throw new PlimsollError("image.invalid", `the id of ${what} in the store is none`);
}

function readSmall(path: string, limit: number): Buffer | undefined {
  try {
    const status = statSync(path);
    return status.isFile() && status.size <= limit ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}
