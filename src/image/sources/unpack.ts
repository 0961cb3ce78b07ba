import { closeSync, openSync, readSync, statSync } from "node:fs";
import { PlimsollError } from "../../core/index.ts";
import { inflate } from "../inflate.ts";
import type { Limits } from "../limits.ts";
import { readPath } from "./read-range.ts";

/** Whether a path is a regular file: pipes and devices are not waited for. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** How a file is packed, by its first bytes: gzip (RFC 1952), zstd (RFC 8878), a plain tar, or undefined for all else. */
export function packingOf(path: string): "gzip" | "zstd" | "tar" | undefined {
  const head = Buffer.alloc(512);
  const file = openSync(path, "r");
  const length = readSync(file, head, 0, 512, 0);
  closeSync(file);
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  const magic = head.readUInt32LE(0);
  if (magic === 0xfd2fb528 || (magic & 0xfffffff0) === 0x184d2a50) return "zstd";
  // A tar begins with a header, whose checksum is octal, or when it is empty with zeros.
  return length === 512 &&
    (head.every((byte) => byte === 0) || /^[ 0]*[0-7]+[ \0]*$/.test(head.toString("latin1", 148, 156)))
    ? "tar"
    : undefined;
}

/** A file's bytes, unpacked if it is packed. Throws `image.limit` when it grows beyond reason. */
export async function* unpack(path: string, limits: Limits): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const { bytes, stored } of inflate(readPath(path))) {
    length += bytes.length;
    if (length > limits.layerBytes || (length > limits.freeBytes && length > limits.inflateRatio * stored))
      throw new PlimsollError("image.limit", `${path} unpacks to more than it should`, {
        hint: "this is not what an honest image looks like",
      });
    yield bytes;
  }
}
