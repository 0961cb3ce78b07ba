import { PlimsollError } from "../../core/index.ts";
import { kindOf } from "../../host/index.ts";
import { textMapOf, parseObject } from "../json.ts";
import type { ImageBlobs, StoredLayer } from "../image.ts";
import { chooseManifest, type Fetch, isForeign, isIndex, readManifest, type Choice } from "../layout.ts";
import { readProvenance } from "../provenance.ts";
import { RegistryClient } from "../registry/client.ts";
import { findCredential } from "../registry/credentials.ts";
import { formatReference, parseReference, type Reference } from "../registry/reference.ts";
import type { ImageSource, SourceJob } from "../source.ts";

/** An image in a registry; nothing but its manifest and configuration is fetched until a layer is read. */
export const registry: ImageSource = {
  scheme: "registry",
  summary: "an image in a registry, by its name",
  // Asking would count against the registry's limits as opening does: that is left to `open`.
  misses(target) {
    // Whoever names a file that is here means it: its name is nobody else's business.
    if (kindOf(target) === "file") return Promise.resolve("a file here has that name");
    return Promise.resolve(parseReference(target) ? undefined : "not a name a registry could know");
  },
  async open(target, choice, job) {
    const reference = parseReference(target);
    if (!reference)
      throw new PlimsollError("image.not-found", `${target} is not the name of an image`, {
        hint: "write it as HOST/NAME:TAG, in lower case",
      });
    const mirrors = job.registries?.mirrors?.[reference.registry] ?? [];
    for (const mirror of mirrors) {
      try {
        return await openAt(mirror, reference, choice, job);
      } catch (error) {
        // A mirror that fails is passed over, whatever its reason: the registry itself decides.
        if (!(error instanceof PlimsollError)) throw error;
      }
    }
    return openAt(reference.registry, reference, choice, job);
  },
};

/** A client for the registry, or the mirror, `host`. */
function clientFor(host: string, { repository }: Reference, job: SourceJob): RegistryClient {
  return new RegistryClient(host, job.limits, {
    credential: () => findCredential(host, repository, job.env),
    insecure: job.registries?.insecure?.includes(host) ?? false,
    signal: job.signal,
    env: job.env,
  });
}

async function openAt(host: string, reference: Reference, choice: Choice, job: SourceJob): Promise<ImageBlobs> {
  const client = clientFor(host, reference, job);
  try {
    return await openWith(client, reference, choice, job);
  } catch (error) {
    client.close();
    throw error;
  }
}

async function openWith(
  client: RegistryClient,
  reference: Reference,
  choice: Choice,
  job: SourceJob,
): Promise<ImageBlobs> {
  const { repository } = reference;
  const { limits } = job;
  const fetch: Fetch = async ({ digest }) => {
    try {
      return (await client.getManifest(repository, digest)).bytes;
    } catch (error) {
      // An index may name images that were never pushed.
      if (error instanceof PlimsollError && error.code === "image.not-found") return undefined;
      throw error;
    }
  };
  const top = await client.getManifest(repository, reference.digest ?? reference.tag ?? "latest");
  const document = parseObject(top.bytes, `the manifest of ${formatReference(reference)}`);
  const chosen = isIndex(document, top.mediaType)
    ? await chooseManifest(document, fetch, { ...choice, name: undefined }, limits)
    : { manifest: document, digest: top.digest, attestations: 0, attestation: undefined };
  const { config, layers } = readManifest(chosen.manifest, limits);
  return {
    reference: formatReference(reference),
    config: await client.getDocument(repository, config.digest, "the image's configuration"),
    digest: chosen.digest,
    layers: layers.map(
      ({ mediaType, digest, size, urls }): StoredLayer => ({
        mediaType,
        digest,
        ...(size === undefined ? {} : { size }),
        ...(isForeign(mediaType) || urls.length > 0 ? { absent: "a foreign layer, kept elsewhere" } : {}),
      }),
    ),
    attestations: chosen.attestations,
    provenance: () =>
      readProvenance(
        chosen.attestation,
        (one) => fetch(one, "an attestation manifest"),
        (one) => client.getDocument(repository, one.digest, "a provenance statement"),
      ),
    annotations: textMapOf(chosen.manifest["annotations"]),
    async *readLayer(at) {
      const layer = layers[at];
      if (!layer) throw new PlimsollError("image.invalid", `the image has no layer ${at + 1}`);
      let received = 0;
      for await (const bytes of client.getBlob(repository, layer.digest, layer)) {
        received += bytes.length;
        job.progress?.(`layer ${at + 1} of ${reference.repository}`, received);
        yield bytes;
      }
    },
    close: () => {
      client.close();
      return Promise.resolve();
    },
  };
}
