import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The official-images table, from beside the bundle or, when run from the sources, from among them. It is 1 MB, of which a
 * check needs some kB: parts are read when they are asked for. It is ASCII, so that positions count bytes.
 */
export function readOfficialImages(): { slice(start: number, end: number): string } | undefined {
  for (const place of ["./official-images.txt", "../official-images.txt", "../bases/data/official-images.txt"]) {
    try {
      const path = fileURLToPath(new URL(place, import.meta.url));
      closeSync(openSync(path, "r"));
      return { slice: (start, end) => readPart(path, start, end) };
    } catch {
      // The next place: which one it is depends on how the code was bundled.
    }
  }
  return undefined;
}

function readPart(path: string, start: number, end: number): string {
  const descriptor = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(Math.max(0, Math.min(end, fstatSync(descriptor).size) - start));
    return bytes.toString("latin1", 0, readSync(descriptor, bytes, 0, bytes.length, start));
  } finally {
    closeSync(descriptor);
  }
}
