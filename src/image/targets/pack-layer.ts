import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import zlib from "node:zlib";
import { type Digest, PlimsollError, type RandomAccess } from "../../core/index.ts";
import { algorithmOf, mismatch } from "../digest.ts";
import type { Layer } from "../image.ts";
import type { SourceJob } from "../source.ts";
import { Spool } from "../spool.ts";
import { tarEnd, tarHeader } from "../tar-write.ts";
import { changeHeaders, readHeaders } from "./change-header.ts";
import type { Piece } from "./piece.ts";

/** How a layer is packed: gzip with Node's middle or highest level, or zstd. */
export type Encoding = "gzip" | "gzip-9" | "zstd";

/** A layer as it will be stored; large ones are in a temporary file until `close`. */
export interface PackedLayer {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes as stored. */
  readonly size: number;
  readonly diffId: Digest;
  readonly read: () => AsyncIterable<Uint8Array>;
  close(): void;
}

type PackJob = Pick<SourceJob, "signal" | "progress">;

/** Bytes at a time; a multiple of a tar's block. */
const portion = 1 << 18;

/** Puts a tar together and packs it, the same way every time. `layer` gives an input layer's tar. Throws `image.invalid`. */
export async function packPieces(
  pieces: readonly Piece[],
  layer: (index: number) => Promise<RandomAccess>,
  encoding: Encoding,
  job: PackJob,
): Promise<PackedLayer> {
  return pack(tarOfPieces(pieces, layer), encoding, job);
}

/** Packs a tar that stays as it is in another way. */
export function packWhole(tar: RandomAccess, encoding: Encoding, job: PackJob): Promise<PackedLayer> {
  return pack(portions(tar, 0, tar.size), encoding, job);
}

/** A layer byte for byte as it is stored. Throws `image.digest-mismatch`. */
export async function storedLayer(layer: Layer, signal?: AbortSignal): Promise<PackedLayer> {
  const algorithm = layer.digest ? algorithmOf(layer.digest) : "sha256";
  const hash = createHash(algorithm);
  const spool = new Spool();
  try {
    for await (const part of layer.read()) {
      signal?.throwIfAborted();
      hash.update(part);
      spool.write(part);
    }
    const digest = `${algorithm}:${hash.digest("hex")}` as Digest;
    if (layer.digest && digest !== layer.digest) throw mismatch("a layer", layer.digest, digest);
    return packed(spool, digest, layer.diffId);
  } catch (error) {
    spool.close();
    throw error;
  }
}

/** Throws `usage.unknown-option` when this Node cannot pack that way. */
export function requireEncoding(encoding: Encoding): void {
  if (encoding === "zstd" && !createZstd())
    throw new PlimsollError("usage.unknown-option", `this Node (${process.version}) cannot write zstd`, {
      hint: "use Node 22.15 or newer, or --recompress gzip-9",
    });
}

async function* tarOfPieces(
  pieces: readonly Piece[],
  layer: (index: number) => Promise<RandomAccess>,
): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece.kind === "mark")
      yield tarHeader({ name: piece.path, flag: "0", mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0 });
    else {
      const tar = await layer(piece.layer);
      if (piece.kind === "raw") yield* portions(tar, piece.start, piece.end);
      else {
        const [start, end] = piece.raw;
        const headers = readHeaders(tar, start);
        yield changeHeaders(headers, piece.change);
        if (piece.change.link === undefined) yield* portions(tar, start + headers.length, end);
      }
    }
  }
  yield tarEnd;
}

async function pack(
  tar: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  encoding: Encoding,
  { signal, progress }: PackJob,
): Promise<PackedLayer> {
  const unpacked = createHash("sha256");
  const stored = createHash("sha256");
  async function* hashed(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const part of tar) {
      signal?.throwIfAborted();
      bytes += part.length;
      progress?.("packing a layer", bytes);
      unpacked.update(part);
      yield part;
    }
  }
  const encoder = openEncoder(encoding);
  const source = Readable.from(hashed(), { objectMode: false, highWaterMark: portion });
  source.on("error", (error) => encoder.destroy(error));
  source.pipe(encoder);
  const spool = new Spool();
  try {
    let first = encoding !== "zstd";
    for await (const part of encoder as AsyncIterable<Buffer>) {
      // "OS" of the header (RFC 1952, 2.3.1) is what zlib was built for: 255, unknown, is the same everywhere.
      if (first) part[9] = 255;
      first = false;
      stored.update(part);
      spool.write(part);
    }
    return packed(spool, `sha256:${stored.digest("hex")}`, `sha256:${unpacked.digest("hex")}`);
  } catch (error) {
    spool.close();
    throw error;
  } finally {
    source.destroy();
    encoder.destroy();
  }
}

function packed(spool: Spool, digest: Digest, diffId: Digest): PackedLayer {
  const access = spool.access();
  return {
    mediaType: `application/vnd.oci.image.layer.v1.tar${suffixOf(access.read(0, 4))}`,
    digest,
    size: access.size,
    diffId,
    // oxlint-disable-next-line typescript/require-await -- what is written is read asynchronously
    read: async function* () {
      yield* portions(access, 0, access.size);
    },
    close: () => spool.close(),
  };
}

/** By what the bytes are, whatever the image called them. */
function suffixOf(head: Uint8Array): string {
  if (head[0] === 0x1f && head[1] === 0x8b) return "+gzip";
  const magic = head.length < 4 ? 0 : Buffer.from(head).readUInt32LE(0);
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) === 0x184d2a50 ? "+zstd" : "";
}

function* portions(bytes: RandomAccess, start: number, end: number): Generator<Uint8Array> {
  for (let at = start; at < end; ) {
    const part = bytes.read(at, Math.min(portion, end - at));
    if (part.length === 0) throw new PlimsollError("image.invalid", "a layer's tar is shorter than it was");
    at += part.length;
    yield part;
  }
}

type Encoder = NodeJS.ReadWriteStream & { destroy(error?: Error): unknown };

function openEncoder(encoding: Encoding): Encoder {
  requireEncoding(encoding);
  const zstd = encoding === "zstd" ? createZstd() : undefined;
  return zstd ? zstd() : zlib.createGzip({ level: encoding === "gzip-9" ? 9 : 6, chunkSize: 1 << 16 });
}

/** Node's own, there since 22.15; 100 is ZSTD_c_compressionLevel. */
function createZstd(): (() => Encoder) | undefined {
  const { createZstdCompress: create } = zlib as unknown as {
    createZstdCompress?: (options: { params: Record<number, number> }) => Encoder;
  };
  return create && (() => create({ params: { 100: 15 } }));
}
