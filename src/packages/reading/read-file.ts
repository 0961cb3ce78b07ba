import type { FileView } from "../../core/index.ts";
import { databaseLimits } from "../limits.ts";

const decoder = new TextDecoder();

/** All bytes of a file; `undefined` where it is not there or has more than `limit` bytes. */
export function readBytes(
  files: FileView,
  path: string,
  limit: number = databaseLimits.fileBytes,
): Uint8Array | undefined {
  const file = files.open(path);
  return file && file.size <= limit ? file.read(0, file.size) : undefined;
}

/** The same as text; bytes that are not UTF-8 become U+FFFD, a byte order mark goes. */
export function readText(files: FileView, path: string, limit?: number): string | undefined {
  const bytes = readBytes(files, path, limit);
  return bytes && decoder.decode(bytes);
}
