import { type FileView, type Json, objectOf } from "../core/index.ts";

export { type Json, listOf, objectOf, textOf, textsOf } from "../core/index.ts";

/** The largest text that is read, in bytes: the biggest lock files of real projects stay below a tenth of it. */
export const largestText: number = 64 << 20;

/**
 * A whole file as text: UTF-8 (what is malformed is replaced), or UTF-16 where a byte order mark says so, as PowerShell's `>`
 * writes it. The mark is dropped; undefined when absent or over `limit` bytes.
 */
export function readText(files: FileView, path: string, limit: number = largestText): string | undefined {
  const file = files.open(path);
  if (!file || file.size > limit) return undefined;
  const bytes = file.read(0, file.size);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16.decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16.decode(swapped(bytes));
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

const utf16 = new TextDecoder("utf-16le");

/** Every two bytes the other way round; an odd one at the end is dropped. */
function swapped(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}

/** A whole file as a JSON object; undefined when it is none. */
export function readJson(files: FileView, path: string, limit: number = largestText): Json | undefined {
  return objectOf(readJsonValue(files, path, limit));
}

/** A whole file as JSON of any kind; undefined when it is none. */
export function readJsonValue(files: FileView, path: string, limit: number = largestText): unknown {
  const text = readText(files, path, limit);
  return text === undefined ? undefined : parseJson(text);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** An object's own members; none when it is not an object. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return Object.entries(objectOf(value) ?? {});
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** All but the last part of a path, without the slash; "" for a file of the root. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
