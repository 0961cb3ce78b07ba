import { closeSync, openSync, readSync } from "node:fs";

/**
 * The first bytes, at most `most`, of a file that ships with the program: beside its bundle or, when it runs from its sources,
 * among them. The first of the places that is there counts.
 */
export function readBesideProgram(places: readonly string[], most: number): Uint8Array | undefined {
  for (const place of places) {
    try {
      const descriptor = openSync(new URL(place, import.meta.url), "r");
      try {
        const chunks: Buffer[] = [];
        for (let left = most; left > 0; ) {
          const chunk = Buffer.allocUnsafe(Math.min(left, 1 << 20));
          const got = readSync(descriptor, chunk);
          if (got === 0) break;
          chunks.push(chunk.subarray(0, got));
          left -= got;
        }
        return Buffer.concat(chunks);
      } finally {
        closeSync(descriptor);
      }
    } catch {
      // The next place: which one it is depends on how the code was bundled.
    }
  }
  return undefined;
}
