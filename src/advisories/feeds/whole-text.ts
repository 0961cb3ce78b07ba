import { gunzipSync } from "node:zlib";
import type { RandomAccess } from "../../core/index.ts";
import { invalidFeed, tooLargeFeed } from "./refusal.ts";

/**
 * A file that is small enough to be read whole, unpacked when it is gzipped.
 * @throws PlimsollError feed.invalid, feed.limit when it has more than `most` bytes
 */
export function wholeText(file: RandomAccess, name: string, most: number): string {
  if (file.size > most) throw tooLargeFeed(`${name} has more than ${most >> 20} MiB`);
  const bytes = file.read(0, file.size);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return Buffer.from(bytes).toString("utf8");
  try {
    return gunzipSync(bytes, { maxOutputLength: most }).toString("utf8");
  } catch (error) {
    if (error instanceof RangeError) throw tooLargeFeed(`${name} unpacks to more than ${most >> 20} MiB`);
    throw invalidFeed(`${name} cannot be unpacked`, error);
  }
}

/** The lines of a text, without their ends; a last empty one is left out. */
export function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    const line = end < 0 ? text.slice(at) : text.slice(at, end);
    yield line.endsWith("\r") ? line.slice(0, -1) : line;
    if (end < 0) return;
    at = end + 1;
  }
}
