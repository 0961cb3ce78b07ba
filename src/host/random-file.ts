import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { RandomAccess } from "../core/index.ts";
import { PlimsollError } from "../core/index.ts";

/** A file on disk, read at random; whoever opened it closes it. Reading one that was replaced meanwhile still reads the old one. */
export interface RandomFile extends RandomAccess {
  close(): void;
}

/**
 * Opens a regular file for reading at random.
 * @throws PlimsollError target.missing, target.unreadable
 */
export function openRandomFile(path: string): RandomFile {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    throw refusal(error, path);
  }
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) {
    closeSync(descriptor);
    throw new PlimsollError("target.unreadable", `${path} is not a file`, { hint: "name a regular file" });
  }
  const size = stats.size;
  return {
    size,
    read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const buffer = Buffer.allocUnsafe(wanted);
      let filled = 0;
      try {
        while (filled < wanted) {
          const got = readSync(descriptor, buffer, filled, wanted - filled, offset + filled);
          if (got === 0) break;
          filled += got;
        }
      } catch (error) {
        throw refusal(error, path);
      }
      return filled === wanted ? buffer : buffer.subarray(0, filled);
    },
    close: () => closeSync(descriptor),
  };
}

function refusal(error: unknown, path: string): PlimsollError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
  return code === "ENOENT" || code === "ENOTDIR"
    ? new PlimsollError("target.missing", `${path} does not exist`, { hint: "check the path", cause: error })
    : new PlimsollError("target.unreadable", `${path} cannot be read (${code})`, {
        hint: `look at its permissions: ls -l ${path}`,
        cause: error,
      });
}
