import type { Digest } from "../core/index.ts";
import { descriptorOf } from "./descriptor.ts";
import type { Descriptor } from "./descriptor.ts";
import { listOf, parseObject, textMapOf, objectOf } from "./json.ts";

/** The attestation manifest for an image, among the descriptors of its index (BuildKit, "Image attestation storage"). */
export function attestationFor(digest: Digest, descriptors: readonly Descriptor[]): Descriptor | undefined {
  return descriptors.find(
    ({ annotations }) =>
      annotations["vnd.docker.reference.type"] === "attestation-manifest" &&
      annotations["vnd.docker.reference.digest"] === digest,
  );
}

/**
 * The in-toto statement in which a builder says how it built an image, as JSON; undefined when there is none, or it cannot be
 * had: nothing depends on it but how sure one can be.
 */
export async function readProvenance(
  attestation: Descriptor | undefined,
  manifest: (descriptor: Descriptor) => Promise<Uint8Array | undefined>,
  blob: (descriptor: Descriptor) => Promise<Uint8Array | undefined>,
): Promise<Uint8Array | undefined> {
  if (!attestation) return undefined;
  try {
    const bytes = await manifest(attestation);
    if (!bytes) return undefined;
    for (const layer of listOf(parseObject(bytes, "an attestation manifest")["layers"])) {
      const type = textMapOf(objectOf(layer)?.["annotations"])["in-toto.io/predicate-type"];
      const descriptor = descriptorOf(layer);
      if (descriptor && type?.startsWith("https://slsa.dev/provenance/")) return await blob(descriptor);
    }
  } catch {
    // As if there were none.
  }
  return undefined;
}
