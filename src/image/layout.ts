import { type Digest, PlimsollError } from "../core/index.ts";
import { type Descriptor, descriptorOf } from "./descriptor.ts";
import { digestOf, verify } from "./digest.ts";
import type { ImageBlobs, StoredLayer } from "./image.ts";
import { type Json, listOf, objectOf, parseList, parseObject, textMapOf, textOf, textsOf } from "./json.ts";
import type { Limits } from "./limits.ts";
import { attestationFor, readProvenance } from "./provenance.ts";
import { formatPlatform, type Platform, platformMatches } from "./platform.ts";

/** Named blobs: the files of a layout directory or of an archive. */
export interface BlobStore {
  readonly reference: string;
  /** Bytes of a file, and its contents from the start; undefined when there is none of that name. */
  find(name: string): Promise<{ readonly size: number; read(): AsyncIterable<Uint8Array> } | undefined>;
  close(): Promise<void>;
}

export interface Choice {
  readonly platform: Platform;
  /** Whether the user asked for that platform; else it is the one of this machine, and an only image is taken whatever it is for. */
  readonly platformAsked: boolean;
  /** Which image, where there are several: a tag, or a name with its tag. */
  readonly name?: string | undefined;
}

/** Opens an image in an OCI layout or a `docker save` archive, old or new. */
export async function openStore(store: BlobStore, choice: Choice, limits: Limits): Promise<ImageBlobs> {
  const index = await store.find("index.json");
  const manifest = await store.find("manifest.json");
  if (index) {
    const bytes = await readDocument(index, limits, "index.json");
    const object = parseObject(bytes, "index.json");
    // Engine 25.0 wrote an index with `"manifests": null` beside a manifest.json that was right.
    if (listOf(object["manifests"]).length > 0 || !manifest) return openLayout(store, object, choice, limits);
  }
  if (manifest) return openSaved(store, await readDocument(manifest, limits, "manifest.json"), choice, limits);
  throw new NoImageInside(store.reference);
}

/** An archive, or a directory, that holds something else than images. */
export class NoImageInside extends PlimsollError {
  constructor(reference: string) {
    super("image.not-found", `${reference} holds neither index.json nor manifest.json`, {
      hint: "make it with `docker save` or as an OCI layout; a root file system is named with `rootfs:`",
    });
  }
}

/** The bytes of a document of bounded size. */
export async function readDocument(
  blob: { readonly size: number; read(): AsyncIterable<Uint8Array> },
  limits: Limits,
  what: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of blob.read()) {
    length += part.length;
    if (length > limits.documentBytes)
      throw new PlimsollError("image.limit", `${what} is larger than ${limits.documentBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Whether a document is an index (OCI) or a manifest list (Docker), by itself or by what it is said to be. */
export function isIndex(document: Json, mediaType: string): boolean {
  return Array.isArray(document["manifests"]) || /index|manifest\.list/.test(mediaType);
}

/** Gets the document a descriptor names, verified. */
export type Fetch = (descriptor: Descriptor, what: string) => Promise<Uint8Array | undefined>;

export interface Chosen {
  readonly manifest: Json;
  readonly digest: Digest;
  readonly attestations: number;
  /** The manifest of the attestations for this very image. */
  readonly attestation?: Descriptor | undefined;
}

/** Walks from an index through nested ones to the manifest for a platform. Attestations are set aside and counted. */
export async function chooseManifest(index: Json, fetch: Fetch, choice: Choice, limits: Limits): Promise<Chosen> {
  let fetched = 0;
  const bounded: Fetch = (descriptor, what) => {
    if (++fetched > limits.manifests) throw tooMany(limits);
    return fetch(descriptor, what);
  };
  return chooseWithin(index, bounded, choice, limits, 0);
}

async function chooseWithin(index: Json, fetch: Fetch, choice: Choice, limits: Limits, depth: number): Promise<Chosen> {
  if (depth > 4) throw new PlimsollError("image.limit", "indexes are nested more than four deep");
  const all = listOf(index["manifests"]);
  if (all.length > limits.manifests) throw tooMany(limits);
  const descriptors = all.flatMap((one) => descriptorOf(one) ?? []);
  const isAttestation = (one: Descriptor): boolean =>
    one.annotations["vnd.docker.reference.type"] === "attestation-manifest" || one.platform?.os === "unknown";
  const attestations = descriptors.filter(isAttestation).length;
  const offered = byName(
    descriptors.filter((one) => !isAttestation(one)),
    choice,
  );
  const matching = offered.filter((one) => one.platform && platformMatches(one.platform, choice.platform));
  const unsaid = offered.filter((one) => !one.platform);
  const candidates = [...matching, ...unsaid, ...(offered.length === 1 && !choice.platformAsked ? offered : [])];
  const absent = new Set<Descriptor>();
  const inside: string[] = [];
  for (const one of candidates) {
    const bytes = await fetch(one, "a manifest");
    if (!bytes) {
      absent.add(one);
      continue;
    }
    const document = parseObject(bytes, "a manifest");
    if (!isIndex(document, one.mediaType)) {
      const attestation = attestationFor(one.digest, descriptors);
      return { manifest: document, digest: one.digest, attestations, attestation };
    }
    try {
      const inner = await chooseWithin(document, fetch, { ...choice, name: undefined }, limits, depth + 1);
      return { ...inner, attestations: inner.attestations + attestations };
    } catch (error) {
      // The next index may have it.
      if (!(error instanceof NoSuchPlatform)) throw error;
      inside.push(...error.offered);
    }
  }
  const platforms = offered.flatMap((one) => (one.platform && !absent.has(one) ? [formatPlatform(one.platform)] : []));
  throw new NoSuchPlatform(choice.platform, [...new Set([...platforms, ...inside])]);
}

class NoSuchPlatform extends PlimsollError {
  readonly offered: readonly string[];

  constructor(wanted: Platform, offered: readonly string[]) {
    super("image.platform", `there is no image for ${formatPlatform(wanted)}`, {
      hint:
        offered.length > 0
          ? `ask for one that is there: --platform ${offered.slice(0, 8).join(", ")}`
          : "none of the images it names is here",
    });
    this.offered = offered;
  }
}

function tooMany(limits: Limits): PlimsollError {
  return new PlimsollError("image.limit", `an index names more than ${limits.manifests} manifests`);
}

const nameAnnotations = ["org.opencontainers.image.ref.name", "io.containerd.image.name"];

/** Those of the name that was asked for; all when none was and they are one image for several platforms. */
function byName(descriptors: readonly Descriptor[], { name }: Choice): readonly Descriptor[] {
  const names = [
    ...new Set(
      descriptors.flatMap(
        ({ annotations }) =>
          annotations["io.containerd.image.name"] ?? annotations["org.opencontainers.image.ref.name"] ?? [],
      ),
    ),
  ];
  if (name === undefined) {
    if (names.length > 1) throw several(names);
    return descriptors;
  }
  const found = descriptors.filter(
    ({ annotations, digest }) =>
      digest === name ||
      nameAnnotations.some((key) => annotations[key] !== undefined && sameName(annotations[key], name)),
  );
  if (found.length === 0) throw several(names, name);
  return found;
}

function sameName(offered: string, wanted: string): boolean {
  return offered === wanted || offered.endsWith(`/${wanted}`) || offered.endsWith(`:${wanted}`);
}

function several(names: readonly string[], wanted?: string): PlimsollError {
  const list = names.slice(0, 10).join(", ");
  return new PlimsollError(
    "image.not-found",
    wanted === undefined ? `there are ${names.length} images here` : `there is no image ${wanted} here`,
    { hint: names.length === 0 ? "leave #NAME off" : `choose one with #NAME: ${list}` },
  );
}

/** The layers and configuration a manifest names. Throws `image.unsupported` for schema 1. */
export function readManifest(manifest: Json, limits: Limits): { config: Descriptor; layers: readonly Descriptor[] } {
  if (manifest["schemaVersion"] === 1 || "fsLayers" in manifest)
    throw new PlimsollError("image.unsupported", "the image has a schema 1 manifest, which engines no longer read", {
      hint: "push the image again with a current engine",
    });
  const config = descriptorOf(manifest["config"]);
  if (!config) throw new PlimsollError("image.invalid", "the manifest names no configuration");
  const layers = listOf(manifest["layers"]).map((one, index) => {
    const layer = descriptorOf(one);
    if (!layer) throw new PlimsollError("image.invalid", `the manifest names layer ${index + 1} without a digest`);
    return layer;
  });
  if (layers.length > limits.layers)
    throw new PlimsollError("image.limit", `the image has more than ${limits.layers} layers`);
  return { config, layers };
}

/** Whether a media type is that of a layer whose contents are elsewhere by right (Windows bases). */
export function isForeign(mediaType: string): boolean {
  return mediaType.includes("foreign") || mediaType.includes("nondistributable");
}

const blobName = (digest: Digest): string => `blobs/${digest.replace(":", "/")}`;

async function openLayout(store: BlobStore, index: Json, choice: Choice, limits: Limits): Promise<ImageBlobs> {
  const fetch: Fetch = async (descriptor, what) => {
    const blob = await store.find(blobName(descriptor.digest));
    if (!blob) return undefined;
    const bytes = await readDocument(blob, limits, what);
    verify(bytes, descriptor.digest, what);
    return bytes;
  };
  const chosen = await chooseManifest(index, fetch, choice, limits);
  const { config, layers } = readManifest(chosen.manifest, limits);
  const configBytes = await fetch(config, "the image's configuration");
  if (!configBytes) throw missing("the image's configuration", config.digest);
  const stored = await Promise.all(
    layers.map(async ({ mediaType, digest, size, urls }): Promise<StoredLayer> => {
      const blob = await store.find(blobName(digest));
      const known = blob?.size ?? size;
      return {
        mediaType,
        digest,
        ...(known === undefined ? {} : { size: known }),
        ...(blob
          ? {}
          : {
              absent:
                isForeign(mediaType) || urls.length > 0 ? "a foreign layer, kept elsewhere" : "its blob is not here",
            }),
      };
    }),
  );
  return {
    reference: store.reference,
    config: configBytes,
    digest: chosen.digest,
    layers: stored,
    attestations: chosen.attestations,
    provenance: () =>
      readProvenance(
        chosen.attestation,
        (one) => fetch(one, "an attestation manifest"),
        (one) => fetch(one, "a provenance statement"),
      ),
    annotations: textMapOf(chosen.manifest["annotations"]),
    async *readLayer(at) {
      const layer = layers[at];
      const blob = layer && (await store.find(blobName(layer.digest)));
      if (!layer || !blob) throw missing(`layer ${at + 1}`, layer?.digest);
      yield* blob.read();
    },
    close: () => store.close(),
  };
}

function missing(what: string, digest: Digest | undefined): PlimsollError {
  return new PlimsollError("image.invalid", `${what} (${digest ?? "unknown"}) is not here`, {
    hint: "save the image again; the archive is not whole",
  });
}

/** `manifest.json` of `docker save`, as engines wrote it before 25 (and beside an index since). */
async function openSaved(store: BlobStore, bytes: Uint8Array, choice: Choice, limits: Limits): Promise<ImageBlobs> {
  const images = parseList(bytes, "manifest.json").flatMap((one): readonly Json[] => {
    const image = objectOf(one);
    return image ? [image] : [];
  });
  const tags = images.map((image) => textsOf(image["RepoTags"]));
  const { name } = choice;
  let image = images[0];
  if (name !== undefined) {
    const at = tags.findIndex((list) => list.some((tag) => sameName(tag, name)));
    const byId = images.find(
      (one) => textOf(one["Config"])?.includes(name.replace(/^sha256:/, "")) && name.length >= 12,
    );
    image = at >= 0 ? images[at] : byId;
    if (!image) throw several(tags.flat(), name);
  } else if (images.length > 1) throw several(tags.flat());
  if (!image) throw new PlimsollError("image.invalid", "manifest.json names no image");
  const configName = textOf(image["Config"]);
  const configBlob = configName === undefined ? undefined : await store.find(configName);
  if (configName === undefined || !configBlob)
    throw new PlimsollError("image.invalid", "the archive does not hold the configuration its manifest.json names");
  const config = await readDocument(configBlob, limits, "the image's configuration");
  const hex = /([0-9a-f]{64})(?:\.json)?$/.exec(configName)?.[1];
  if (hex) verify(config, `sha256:${hex}`, "the image's configuration");
  const names = textsOf(image["Layers"]);
  const layers = await Promise.all(
    names.map(async (layer): Promise<StoredLayer> => {
      const blob = await store.find(layer);
      const digest = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(layer)?.[1];
      return {
        mediaType: "application/vnd.docker.image.rootfs.diff.tar",
        ...(digest ? { digest: `sha256:${digest}` as const } : {}),
        ...(blob ? { size: blob.size } : { absent: "the archive leaves it out" }),
      };
    }),
  );
  return {
    reference: store.reference,
    config,
    digest: digestOf(config),
    layers,
    attestations: 0,
    annotations: {},
    async *readLayer(at) {
      const blob = await store.find(names[at] ?? "");
      if (!blob) throw missing(`layer ${at + 1}`, undefined);
      yield* blob.read();
    },
    close: () => store.close(),
  };
}
