import { closeSync, fstatSync, openSync, read } from "node:fs";
import { promisify } from "node:util";
import { PlimsollError } from "../../core/index.ts";

const readAt = promisify(read);

/** An open file's bytes from `start` on, in pieces. Throws `image.invalid` when it ends too early. */
export async function* readRange(descriptor: number, start: number, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; ) {
    const buffer = Buffer.allocUnsafe(Math.min(1 << 18, size - at));
    const { bytesRead } = await readAt(descriptor, buffer, 0, buffer.length, start + at);
    if (bytesRead === 0) throw cutOff();
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** A file's bytes, as they are: `size` of them, or all it has. */
export async function* readPath(path: string, size?: number): AsyncGenerator<Uint8Array> {
  const descriptor = openSync(path, "r");
  try {
    yield* readRange(descriptor, 0, size ?? fstatSync(descriptor).size);
  } finally {
    closeSync(descriptor);
  }
}

export function cutOff(): PlimsollError {
  return new PlimsollError("image.invalid", "the archive is cut off", { hint: "save the image again" });
}
