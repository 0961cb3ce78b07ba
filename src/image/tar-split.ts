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
        let bytes = 0;
        for await (const piece of readPieces(description, limits)) {
          if ("bytes" in piece) {
            parser.push(piece.bytes);
            bytes += piece.bytes.length;
          } else {
            parser.skip(piece.size);
            bytes += piece.size;
          }
          if (bytes > limits.layerBytes) throw invalid("is larger than Plimsoll reads");
          if (ready.length > 256) {
            yield* ready;
            ready = [];
          }
        }
        parser.end();
        yield* ready;
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
  try {
    yield* piecesOf(path, limits);
  } catch (error) {
    throw error instanceof PlimsollError ? error : invalid("cannot be read any more");
  }
}

async function* piecesOf(path: string, limits: Limits): AsyncGenerator<Piece> {
  let kept: Uint8Array[] = [];
  let length = 0;
  let count = 0;
  for await (const { bytes } of inflate(createReadStream(path, { highWaterMark: 1 << 18 }))) {
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      const line = kept.length === 0 ? bytes.subarray(from, end) : Buffer.concat([...kept, bytes.subarray(from, end)]);
      kept = [];
      length = 0;
      from = end + 1;
      if (line.length === 0) continue;
      // A segment and a file for each entry.
      if (++count > limits.entries * 2 + 2) throw invalid("has more entries than Plimsoll reads");
      yield pieceOf(line, limits);
    }
    if (from < bytes.length) {
      kept.push(bytes.slice(from));
      length += bytes.length - from;
      if (length > longestLine) throw invalid("has a line that is too long");
    }
  }
  if (kept.length > 0) yield pieceOf(Buffer.concat(kept), limits);
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
