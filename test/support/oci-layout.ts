import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";

/** A member of a layer: its header, and its contents when it is a file. */
export type Member = readonly [header: Partial<Header> & { readonly name: string }, contents?: string | Uint8Array];

/** A layer's tar. Times are 0 unless said. */
export async function tarOf(members: readonly Member[]): Promise<Uint8Array> {
  const stream = pack();
  for (const [header, contents] of members)
    stream.entry({ mtime: new Date(0), ...header }, Buffer.from(contents ?? ""));
  stream.finalize();
  const parts: Uint8Array[] = [];
  for await (const part of stream as AsyncIterable<Uint8Array>) parts.push(part);
  return Buffer.concat(parts);
}

/** A file of so many bytes that gzip cannot make small, the same for the same seed. */
export function noise(bytes: number, seed = 1): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(bytes / 64) }, (_, index) =>
    createHash("sha512").update(`${seed} ${index}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}

export function sha256(bytes: Uint8Array): `sha256:${string}` {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Writes an OCI layout of one image into a directory; layers are tars, stored with gzip unless `plain`. */
export function writeLayout(
  directory: string,
  layers: readonly Uint8Array[],
  config: Readonly<Record<string, unknown>> = {},
  plain = false,
): void {
  const blobs = join(directory, "blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  const put = (bytes: Uint8Array, mediaType: string) => {
    const digest = sha256(bytes);
    writeFileSync(join(blobs, digest.slice(7)), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const stored = layers.map((tar) =>
    put(plain ? tar : gzipSync(tar), `application/vnd.oci.image.layer.v1.tar${plain ? "" : "+gzip"}`),
  );
  const document = {
    os: "linux",
    architecture: "amd64",
    config: {},
    history: layers.map((_, index) => ({ created_by: `layer ${index}` })),
    rootfs: { type: "layers", diff_ids: layers.map(sha256) },
    ...config,
  };
  const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
  const manifest = put(
    json({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: put(json(document), "application/vnd.oci.image.config.v1+json"),
      layers: stored,
    }),
    "application/vnd.oci.image.manifest.v1+json",
  );
  writeFileSync(join(directory, "index.json"), json({ schemaVersion: 2, manifests: [manifest] }));
  writeFileSync(join(directory, "oci-layout"), json({ imageLayoutVersion: "1.0.0" }));
}
