import { Readable } from "node:stream";
import zlib from "node:zlib";
import { PlimsollError } from "../core/index.ts";

/** A stretch of a layer, unpacked, and how many of its stored bytes have been taken in so far. */
export interface Inflated {
  readonly bytes: Uint8Array;
  readonly stored: number;
}

/** Unpacks a layer by what its first bytes say, whatever its media type claims: gzip (RFC 1952), zstd (RFC 8878), or plain. */
export async function* inflate(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Inflated> {
  const chunks = stored[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 4) {
    const next = await chunks.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  const all = resumed(head, chunks);
  if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(all);
  else if (isZstd(head)) yield* unzstd(all);
  else {
    let taken = 0;
    for await (const bytes of all) {
      taken += bytes.length;
      yield { bytes, stored: taken };
    }
  }
}

async function* resumed(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** A frame, or a skippable frame, by its magic number. */
function isZstd(head: Uint8Array): boolean {
  if (head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return head[0] === 0x28;
  return ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
}

async function* gunzipped(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Inflated> {
  yield* through(stored, zlib.createGunzip({ chunkSize: 1 << 16 }));
}

type Transform = zlib.Gunzip & { readonly bytesWritten: number };

async function* through(stored: AsyncIterable<Uint8Array>, transform: Transform): AsyncGenerator<Inflated> {
  const source = Readable.from(stored, { objectMode: false, highWaterMark: 1 << 16 });
  source.on("error", (error) => transform.destroy(error));
  source.pipe(transform);
  try {
    for await (const bytes of transform) yield { bytes: bytes as Uint8Array, stored: transform.bytesWritten };
  } catch (error) {
    throw error instanceof PlimsollError ? error : damaged(error);
  } finally {
    source.destroy();
    transform.destroy();
  }
}

async function* unzstd(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Inflated> {
  const native = (zlib as unknown as { createZstdDecompress?: () => Transform }).createZstdDecompress;
  if (native) {
    yield* through(stored, native());
    return;
  }
  try {
    yield* unzstdInWasm(stored);
  } catch (error) {
    throw error instanceof PlimsollError ? error : damaged(error);
  }
}

/** Pieces that give nothing come one or two in a row; the decoder gives nothing for ever once it is lost in damaged input. */
const mostEmpty = 1000;

/**
 * The decoder takes a synchronous iterable, and asks for the next piece when it has used up the last: it is run only while a
 * piece is waiting, and at the end. Windows over 128 MiB, the format's own recommendation for decoders, are refused by it.
 */
async function* unzstdInWasm(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Inflated> {
  const { ZSTDDecoder } = await import("zstddec/stream");
  const decoder = new ZSTDDecoder();
  await decoder.init();
  const waiting: Uint8Array[] = [];
  const taken = { bytes: 0 };
  const decoding = decoder.decodeStreaming(pieces(waiting, taken));
  let empty = 0;
  const next = (): Inflated | undefined => {
    const { value, done } = decoding.next() as IteratorResult<Uint8Array, void>;
    if (done || !value) return undefined;
    empty = value.length === 0 ? empty + 1 : 0;
    if (empty > mostEmpty) throw new Error("the zstd stream is damaged");
    return { bytes: value, stored: taken.bytes };
  };
  for await (const bytes of stored) {
    // Small pieces, so that what comes out can be laid beside what went in.
    for (let at = 0; at < bytes.length; at += 1 << 14) waiting.push(bytes.subarray(at, at + (1 << 14)));
    while (waiting.length > 0) {
      const one = next();
      if (one) yield one;
    }
  }
  for (let one = next(); one; one = next()) yield one;
}

function* pieces(waiting: Uint8Array[], taken: { bytes: number }): Generator<Uint8Array> {
  for (let piece = waiting.shift(); piece; piece = waiting.shift()) {
    taken.bytes += piece.length;
    yield piece;
  }
}

function damaged(cause: unknown): PlimsollError {
  return new PlimsollError(
    "image.invalid",
    `a layer cannot be unpacked: ${cause instanceof Error ? cause.message : String(cause)}`,
    { hint: "pull or save the image again; the file may be damaged", cause },
  );
}
