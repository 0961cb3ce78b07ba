import { statSync } from "node:fs";
import { open } from "node:fs/promises";
import { PlimsollError } from "../../core/index.ts";
import { inflate } from "../inflate.ts";
import type { Limits } from "../limits.ts";
import { readRange } from "./tar-file.ts";

/** Whether a path is a regular file: pipes and devices are not waited for. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** How a file is packed, by its first bytes: gzip (RFC 1952), zstd (RFC 8878), a plain tar, or undefined for all else. */
export async function packingOf(path: string): Promise<"gzip" | "zstd" | "tar" | undefined> {
  const file = await open(path, "r");
  try {
    const head = Buffer.alloc(512);
    const { bytesRead } = await file.read(head, 0, 512, 0);
    if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
    const magic = head.readUInt32LE(0);
    if (magic === 0xfd2fb528 || (magic & 0xfffffff0) === 0x184d2a50) return "zstd";
    // A tar begins with a header, whose checksum is octal, or when it is empty with zeros.
    return bytesRead === 512 &&
      (head.every((byte) => byte === 0) || /^[ 0]*[0-7]+[ \0]*$/.test(head.toString("latin1", 148, 156)))
      ? "tar"
      : undefined;
  } finally {
    await file.close();
  }
}

/** A file's bytes, as they are. */
export async function* readWhole(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r");
  try {
    yield* readRange(file, 0, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

/** A file's bytes, unpacked if it is packed. Throws `image.limit` when it grows beyond reason. */
export async function* unpack(path: string, limits: Limits): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const { bytes, stored } of inflate(readWhole(path))) {
    length += bytes.length;
    if (length > limits.layerBytes || (length > limits.freeBytes && length > limits.inflateRatio * stored))
      throw new PlimsollError("image.limit", `${path} unpacks to more than it should`, {
        hint: "this is not what an honest image looks like",
      });
    yield bytes;
  }
}
