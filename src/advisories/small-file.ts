import { kindOf, openRandomFile } from "../host/index.ts";

/** The text of a file of this program's own; undefined when there is none. */
export function readSmallFile(path: string, most: number = 256 << 20): string | undefined {
  if (kindOf(path) !== "file") return undefined;
  const file = openRandomFile(path);
  try {
    return Buffer.from(file.read(0, Math.min(file.size, most))).toString("utf8");
  } finally {
    file.close();
  }
}
