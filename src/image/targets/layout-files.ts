import type { Digest } from "../../core/index.ts";
import { digestOf } from "../digest.ts";
import { formatReference, parseReference } from "../registry/reference.ts";
import { manifestType, type OutputImage } from "./target.ts";

/** A file of an OCI layout. */
export interface LayoutFile {
  readonly name: string;
  readonly size: number;
  readonly read: () => AsyncIterable<Uint8Array>;
}

/**
 * The files of an OCI layout (OCI image specification, "Image Layout"), and of the `manifest.json` by which engines load an
 * archive; the index last. Blobs that are the same stand once.
 */
export function layoutFiles(image: OutputImage, name: string | undefined): readonly LayoutFile[] {
  const config = blobFile(digestOf(image.config), image.config);
  const manifest = blobFile(digestOf(image.manifest), image.manifest);
  const layers = image.layers.map(({ digest, size, read }): LayoutFile => ({ name: blobName(digest), size, read }));
  const byName = new Map([...layers, config, manifest].map((file) => [file.name, file]));
  const reference = name === undefined ? undefined : parseReference(name);
  const tag = reference && formatReference(reference);
  const index = {
    manifests: [
      {
        ...(name === undefined
          ? {}
          : {
              annotations: {
                ...(tag === undefined ? {} : { "io.containerd.image.name": tag }),
                "org.opencontainers.image.ref.name": reference?.tag ?? name,
              },
            }),
        digest: digestOf(image.manifest),
        mediaType: manifestType,
        size: image.manifest.length,
      },
    ],
    mediaType: "application/vnd.oci.image.index.v1+json",
    schemaVersion: 2,
  };
  const saved = [{ Config: config.name, Layers: layers.map((layer) => layer.name), RepoTags: name ? [name] : null }];
  return [
    jsonFile("oci-layout", { imageLayoutVersion: "1.0.0" }),
    ...byName.values(),
    jsonFile("manifest.json", saved),
    jsonFile("index.json", index),
  ];
}

function blobName(digest: Digest): string {
  return `blobs/${digest.replace(":", "/")}`;
}

function blobFile(digest: Digest, bytes: Uint8Array): LayoutFile {
  return { name: blobName(digest), size: bytes.length, read: () => once(bytes) };
}

function jsonFile(name: string, value: unknown): LayoutFile {
  const bytes = Buffer.from(JSON.stringify(value));
  return { name, size: bytes.length, read: () => once(bytes) };
}

// oxlint-disable-next-line typescript/require-await -- read like the files beside it
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
