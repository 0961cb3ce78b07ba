import type { Readable } from "node:stream";
import { extract } from "tar-stream";
import { builtInCatalogers } from "../../src/packages/index.ts";

/** The files of a root file system's tar that some cataloger wants, read by another tar reader than ours. */
export async function rootFiles(tar: Readable): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const reader = extract();
  tar.on("error", (error) => reader.destroy(error));
  tar.pipe(reader);
  for await (const entry of reader) {
    const { name, type, size, mode } = entry.header;
    const path = name.replace(/^\.?\//, "");
    if (type !== "file" || !builtInCatalogers.some((cataloger) => cataloger.wants(path, { size, mode }))) {
      entry.resume();
      continue;
    }
    const parts: Buffer[] = [];
    for await (const part of entry as AsyncIterable<Buffer>) parts.push(part);
    files.set(path, Buffer.concat(parts));
  }
  return files;
}
