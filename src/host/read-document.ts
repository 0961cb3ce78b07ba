import { closeSync, openSync, readSync } from "node:fs";
import { PlimsollError } from "../core/index.ts";

/**
 * A whole text that may be large, from a file or (`-`) standard input; bytes that are not UTF-8 become U+FFFD.
 * @param limit bytes
 * @throws PlimsollError target.missing, target.unreadable, target.too-large
 */
export function readDocument(path: string, name: string, limit: number): string {
  let descriptor = 0;
  try {
    if (path !== "-") descriptor = openSync(path, "r");
    return Buffer.concat(readUpTo(descriptor, name, limit)).toString("utf8");
  } catch (error) {
    if (error instanceof PlimsollError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw code === "ENOENT" || code === "ENOTDIR"
      ? new PlimsollError("target.missing", `${name} does not exist`, { hint: "check the path", cause: error })
      : new PlimsollError("target.unreadable", `${name} cannot be read (${code})`, {
          hint: `look at its permissions: ls -l ${name}`,
          cause: error,
        });
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}

function readUpTo(descriptor: number, name: string, limit: number): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const part = Buffer.allocUnsafe(1 << 20);
    let count: number;
    try {
      count = readSync(descriptor, part);
    } catch (error) {
      // A terminal or pipe that is set not to block has nothing yet; or, on Windows, has ended.
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EAGAIN") {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
        continue;
      }
      if (code === "EOF") return parts;
      throw error;
    }
    if (count === 0) return parts;
    total += count;
    if (total > limit)
      throw new PlimsollError("target.too-large", `${name} is larger than ${limit >> 20} MiB`, {
        hint: "no document of this kind is that long",
      });
    parts.push(part.subarray(0, count));
  }
}
