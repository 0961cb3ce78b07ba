import { createReadStream } from "node:fs";
import { PlimsollError, type Gap } from "../core/index.ts";
import { FilesBelow } from "../host/index.ts";
import type { FileEntry } from "./entry.ts";
import type { DirectLayer } from "./image.ts";
import { inflate } from "./inflate.ts";
import { parseObject, textOf } from "./json.ts";
import type { Limits } from "./limits.ts";
import { cleanPath, decodeName, TarParser } from "./tar.ts";

/** A stretch of a layer's tar: bytes as they were, or the contents of a file that lies elsewhere. */
type Piece = { readonly bytes: Uint8Array } | { readonly path: string | undefined; readonly size: number };

/** Bytes of one line: a segment in base64, which holds the headers of an entry and what fills up the one before. */
const longestLine = 16 << 20;

/**
 * A layer whose files lie in `directory`, and whose tar's headers an engine has kept in `tar-split.json.gz` (the format of
 * github.com/vbatts/tar-split: a JSON object a line, segments and files). `read` puts the very same tar together again;
 * `direct` lists it without touching the files.
 */
export function tarSplitLayer(
  description: string,
  directory: string,
  limits: Limits,
): { readonly read: () => AsyncIterable<Uint8Array>; readonly direct: DirectLayer } {
  const files = new FilesBelow(directory);
  const gaps: Gap[] = [];
  let tarBytes = 0;
  return {
    read: () => joinTar(description, new FilesBelow(directory), limits),
    direct: {
      async *entries() {
        gaps.length = 0;
        let ready: FileEntry[] = [];
        const parser = new TarParser(
          {
            digests: false,
            entry: (entry) => {
              entry.storedBytes = entry.raw[1] - entry.raw[0];
              ready.push(entry);
            },
            gap: (reason) => {
              if (gaps.length < 100) gaps.push({ subject: "a layer of the engine", reason });
            },
          },
          limits,
        );
        const usual = new UsualLines();
        let bytes = 0;
        for await (const lines of readLines(description, limits)) {
          for (const line of lines) {
            const piece = usual.read(line) ?? pieceOf(line, limits);
            if ("bytes" in piece) parser.push(piece.bytes);
            else parser.skip(piece.size);
            bytes += "bytes" in piece ? piece.bytes.length : piece.size;
          }
          if (bytes > limits.layerBytes) throw invalid("is larger than Plimsoll reads");
          if (ready.length > 0) yield ready;
          ready = [];
        }
        parser.end();
        if (ready.length > 0) yield ready;
        tarBytes = bytes;
      },
      open: (path) => files.open(path),
      get tarBytes() {
        return tarBytes;
      },
      get gaps() {
        return gaps;
      },
      close: () => {
        files.close();
      },
    },
  };
}

/** The tar as it was. */
async function* joinTar(description: string, files: FilesBelow, limits: Limits): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of readPieces(description, limits)) {
      if ("bytes" in piece) {
        if (piece.bytes.length > 0) yield piece.bytes;
        continue;
      }
      if (piece.size === 0) continue;
      const file = piece.path === undefined ? undefined : files.open(piece.path);
      if (file?.size !== piece.size) throw invalid("does not fit the files beside it");
      for (let at = 0; at < piece.size; ) {
        const part = file.read(at, 1 << 18);
        if (part.length === 0) throw invalid("does not fit the files beside it");
        at += part.length;
        yield part;
      }
    }
  } finally {
    files.close();
  }
}

async function* readPieces(path: string, limits: Limits): AsyncGenerator<Piece> {
  for await (const lines of readLines(path, limits)) for (const line of lines) yield pieceOf(line, limits);
}

/** The lines of a record, as many at a time as come out of a piece of it; they are valid until the next are asked for. */
async function* readLines(path: string, limits: Limits): AsyncGenerator<readonly Uint8Array[]> {
  try {
    yield* linesOf(path, limits);
  } catch (error) {
    throw error instanceof PlimsollError ? error : invalid("cannot be read any more");
  }
}

async function* linesOf(path: string, limits: Limits): AsyncGenerator<readonly Uint8Array[]> {
  let kept: Uint8Array[] = [];
  let length = 0;
  let count = 0;
  for await (const { bytes } of inflate(createReadStream(path, { highWaterMark: 1 << 16 }))) {
    const lines: Uint8Array[] = [];
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      const line = kept.length === 0 ? bytes.subarray(from, end) : Buffer.concat([...kept, bytes.subarray(from, end)]);
      kept = [];
      length = 0;
      from = end + 1;
      if (line.length > 0) lines.push(line);
    }
    // A segment and a file for each entry.
    count += lines.length;
    if (count > limits.entries * 2 + 2) throw invalid("has more entries than Plimsoll reads");
    if (from < bytes.length) {
      kept.push(bytes.slice(from));
      length += bytes.length - from;
      if (length > longestLine) throw invalid("has a line that is too long");
    }
    yield lines;
  }
  if (kept.length > 0) yield [Buffer.concat(kept)];
}

const segmentStart = '{"type":2,"payload":"';
const fileStart = '{"type":1,"name":"';
const segmentEnd = /^,"position":\d{1,15}\}$/;
const fileEnd = /^(?:,"size":(\d{1,15}))?,"payload":(?:null|"[A-Za-z0-9+/=]{0,64}"),"position":\d{1,15}\}$/;
const quote = 34;
const backslash = 92;

/** Reads lines that look as engines write them, without making JSON of them; a file's name is left out. */
class UsualLines {
  #segment = Buffer.alloc(4096);

  /** Undefined for a line of another shape. The bytes of a segment are valid until the next line is read. */
  read(line: Uint8Array): Piece | undefined {
    const buffer = Buffer.from(line.buffer, line.byteOffset, line.length);
    if (buffer.includes(backslash)) return undefined;
    if (startsWith(buffer, segmentStart)) {
      const end = buffer.indexOf(quote, segmentStart.length);
      if (end < 0 || !segmentEnd.test(buffer.toString("latin1", end + 1))) return undefined;
      if (this.#segment.length < end) this.#segment = Buffer.alloc(2 * end);
      const length = this.#segment.write(buffer.toString("latin1", segmentStart.length, end), "base64");
      return { bytes: this.#segment.subarray(0, length) };
    }
    if (!startsWith(buffer, fileStart)) return undefined;
    const end = buffer.indexOf(quote, fileStart.length);
    const found = end < 0 ? undefined : fileEnd.exec(buffer.toString("latin1", end + 1));
    return found ? { path: undefined, size: Number(found[1] ?? 0) } : undefined;
  }
}

function startsWith(buffer: Buffer, text: string): boolean {
  return buffer.length > text.length && buffer.toString("latin1", 0, text.length) === text;
}

function pieceOf(line: Uint8Array, limits: Limits): Piece {
  const entry = parseObject(line, "an engine's record of a layer");
  const { type, size } = entry;
  if (type === 2) return { bytes: Buffer.from(textOf(entry["payload"]) ?? "", "base64") };
  if (type !== 1) throw invalid("has an entry of an unknown type");
  const raw = textOf(entry["name_raw"]);
  const name = raw === undefined ? (textOf(entry["name"]) ?? "") : decodeName(Buffer.from(raw, "base64"));
  if (size === undefined) return { path: undefined, size: 0 };
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) throw invalid("has a size that cannot be");
  return { path: cleanPath(name, limits.depth), size };
}

function invalid(why: string): PlimsollError {
  return new PlimsollError("image.invalid", `an engine's record of a layer ${why}`, {
    hint: "save the image with `docker save` and name the file",
  });
}
