import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PlimsollError } from "../../core/index.ts";
import { digestOf } from "../digest.ts";
import { RegistryClient } from "../registry/client.ts";
import { findCredential } from "../registry/credentials.ts";
import { formatReference, parseReference, type Reference } from "../registry/reference.ts";
import type { SourceJob } from "../source.ts";
import { writeLayout } from "./oci.ts";
import { type ImageTarget, manifestType, type OutputImage } from "./target.ts";
import { unwritable } from "./unwritable.ts";

/** A registry. The image is written to a temporary layout first, and pushed by `commit`; blobs that are there are not sent again. */
export const registry: ImageTarget = {
  scheme: "registry",
  summary: "a registry, by the image's name there",
  async stage(target, image, job) {
    const reference = parseReference(target);
    if (!reference || reference.digest !== undefined)
      throw new PlimsollError("usage.unknown-option", `${target} is no name to push to`, {
        hint: "write it as HOST/NAME:TAG, in lower case",
      });
    const directory = await mkdtemp(join(tmpdir(), "plimsoll-")).catch(unwritable(tmpdir()));
    const discard = (): Promise<void> => rm(directory, { recursive: true, force: true });
    try {
      await writeLayout(directory, image, undefined);
    } catch (error) {
      await discard();
      throw error;
    }
    return { reopen: `layout:${directory}`, commit: () => push(reference, image, job), discard };
  },
};

async function push(reference: Reference, image: OutputImage, job: SourceJob): Promise<string> {
  const { registry: host, repository, tag = "latest" } = reference;
  const client = new RegistryClient(host, job.limits, {
    credential: () => findCredential(host, repository, job.env),
    insecure: job.registries?.insecure?.includes(host) ?? false,
    signal: job.signal,
  });
  try {
    for (const [index, { digest, size, read }] of image.layers.entries()) {
      job.progress?.(`pushing layer ${index + 1}`, size);
      await client.putBlob(repository, digest, size, read);
    }
    await client.putBlob(repository, digestOf(image.config), image.config.length, () => image.config);
    const digest = await client.putManifest(repository, tag, manifestType, image.manifest);
    return `registry:${formatReference({ registry: host, repository, digest })}`;
  } finally {
    client.close();
  }
}
