import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { exportStore, importStore, type StoreInfo } from "../advisories/index.ts";
import { type Digest, PlimsollError, type RandomAccess } from "../core/index.ts";
import { createFileWriter, makeWorkDirectory, openRandomFile } from "../host/index.ts";
import {
  findCredential,
  formatReference,
  parseReference,
  type Reference,
  RegistryClient,
  type SourceJob,
} from "../image/index.ts";

/*
 * A store in a registry is an OCI image manifest with an artifact type of its own, the empty configuration and one layer, the
 * gzipped store (OCI image specification, "Guidelines for Artifact Usage").
 */
const artifactType = "application/vnd.plimsoll.store.v1";
const layerType = "application/vnd.plimsoll.store.v1+gzip";
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const empty = Buffer.from("{}");
const emptyType = "application/vnd.oci.empty.v1+json";
const maximumBytes = 4 * 2 ** 30;

/** A store in a registry: its whole name with the digest of its manifest. */
export interface StoreArtifact {
  readonly reference: string;
  readonly info: StoreInfo;
}

/**
 * Pushes a store under a name. The same store makes the same manifest.
 * @param folder where it may be packed on its way
 * @throws PlimsollError store.missing, store.damaged, image.unreachable, usage.unknown-option for what is no name
 */
export async function pushStore(store: string, name: string, folder: string, job: SourceJob): Promise<StoreArtifact> {
  const reference = referenceOf(name);
  const work = makeWorkDirectory(folder, ".plimsoll-push-");
  const client = clientFor(reference, job);
  try {
    const packed = join(work.path, "store.gz");
    const info = await exportStore(store, packed);
    const file = openRandomFile(packed);
    try {
      const { repository, tag } = reference;
      const digest = digestOf(pieces(file));
      await client.putBlob(repository, digestOf([empty]), empty.length, () => empty);
      await client.putBlob(repository, digest, file.size, () => told(pieces(file), name, job));
      const manifest = Buffer.from(JSON.stringify(manifestOf(digest, file.size, info)));
      const pushed = await client.putManifest(repository, tag ?? digestOf([manifest]), manifestType, manifest);
      return { reference: formatReference({ ...reference, digest: pushed }), info };
    } finally {
      file.close();
    }
  } finally {
    client.close();
    work.remove();
  }
}

/**
 * Pulls a store and puts it in the place of the one in use, once its digest and its own checksum held; otherwise the one in use stays.
 * @throws PlimsollError image.not-found, image.unreachable, image.digest-mismatch, store.missing where the name is of something else,
 *   store.damaged, output.unwritable
 */
export async function pullStore(name: string, store: string, job: SourceJob): Promise<StoreArtifact> {
  const reference = referenceOf(name);
  const work = makeWorkDirectory(dirname(store), ".plimsoll-pull-");
  const client = clientFor(reference, job);
  try {
    const { repository, tag, digest } = reference;
    const manifest = await client.getManifest(repository, digest ?? tag ?? "latest");
    const layer = layerOf(manifest.bytes, name);
    const packed = join(work.path, "store.gz");
    const file = createFileWriter(join(work.path, "part"));
    try {
      const hash = createHash("sha256");
      for await (const part of told(client.getBlob(repository, layer.digest, layer), name, job)) {
        hash.update(part);
        file.write(part);
      }
      if (`sha256:${hash.digest("hex")}` !== layer.digest)
        throw new PlimsollError("image.digest-mismatch", `the store of ${name} does not hash to ${layer.digest}`, {
          hint: "it was changed or damaged on its way: pull it again",
        });
      file.commit(packed);
    } finally {
      file.discard();
    }
    const info = await importStore(packed, store);
    return { reference: formatReference({ ...reference, digest: manifest.digest }), info };
  } finally {
    client.close();
    work.remove();
  }
}

function referenceOf(name: string): Reference {
  const reference = parseReference(name);
  if (reference) return reference;
  throw new PlimsollError("usage.unknown-option", `${name} is not a name in a registry`, {
    hint: "write it as HOST/NAME:TAG, in lower case",
  });
}

function clientFor(
  { registry, repository }: Reference,
  { limits, env, signal, registries }: SourceJob,
): RegistryClient {
  return new RegistryClient(registry, limits, {
    credential: () => findCredential(registry, repository, env),
    insecure: registries?.insecure?.includes(registry) ?? false,
    signal,
    env,
  });
}

function manifestOf(digest: Digest, size: number, { revision, asOf }: StoreInfo) {
  return {
    schemaVersion: 2,
    mediaType: manifestType,
    artifactType,
    config: { mediaType: emptyType, digest: digestOf([empty]), size: empty.length },
    layers: [
      { mediaType: layerType, digest, size, annotations: { "org.opencontainers.image.title": "advisories.store.gz" } },
    ],
    annotations: {
      "org.opencontainers.image.created": `${asOf}T00:00:00Z`,
      "org.opencontainers.image.version": revision,
    },
  };
}

/** The one layer of a store's manifest, whatever else somebody may have written into it. */
function layerOf(bytes: Uint8Array, name: string): { readonly digest: Digest; readonly size: number } {
  const refuse = (why: string): PlimsollError =>
    new PlimsollError("store.missing", `${name} is no advisory store: ${why}`, {
      hint: "push one there: plimsoll db push",
    });
  const manifest = member(parse(bytes));
  if (manifest["artifactType"] !== artifactType) throw refuse("its artifact type is another");
  const [layer, another] = Array.isArray(manifest["layers"]) ? (manifest["layers"] as readonly unknown[]) : [];
  const { mediaType, digest, size } = member(layer);
  if (another !== undefined || mediaType !== layerType) throw refuse("it does not hold one store");
  if (typeof digest !== "string" || !/^sha256:[0-9a-f]{64}$/.test(digest)) throw refuse("its store has no digest");
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0 || size > maximumBytes)
    throw refuse("its store has an impossible size");
  return { digest: digest as Digest, size };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

function member(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function* pieces(file: RandomAccess): Generator<Uint8Array> {
  for (let at = 0; at < file.size; at += 1 << 18) yield file.read(at, 1 << 18);
}

function digestOf(parts: Iterable<Uint8Array>): Digest {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return `sha256:${hash.digest("hex")}`;
}

async function* told(
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  name: string,
  { progress }: SourceJob,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const part of parts) {
    bytes += part.length;
    progress?.(`the store of ${name}`, bytes);
    yield part;
  }
}
