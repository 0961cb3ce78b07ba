import { readFileSync } from "node:fs";

/** The text of the official-images table, from beside the bundle or, when run from the sources, from among them. */
export function readOfficialImages(): string | undefined {
  for (const place of ["./official-images.txt", "../official-images.txt", "../bases/data/official-images.txt"]) {
    try {
      return readFileSync(new URL(place, import.meta.url), "utf8");
    } catch {
      // The next place: which one it is depends on how the code was bundled.
    }
  }
  return undefined;
}
