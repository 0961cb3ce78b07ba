import type { FileView, RandomAccess } from "../../core/index.ts";

/** Larger files are no text that a rule reads. */
const maximumBytes = 1 << 20;

/** The text of a small file of an image; undefined when it was not kept, is larger than 1 MiB or holds a NUL byte. */
export function textOf(contents: FileView, path: string): string | undefined {
  return textIn(contents.open(path));
}

/** The same of a file's contents. */
export function textIn(file: RandomAccess | undefined): string | undefined {
  if (!file || file.size > maximumBytes) return undefined;
  const text = new TextDecoder().decode(file.read(0, file.size));
  return text.includes("\0") ? undefined : text;
}

/** A JSON object in a small file; undefined when it is none. */
export function objectIn(contents: FileView, path: string): Readonly<Record<string, unknown>> | undefined {
  const text = textOf(contents, path);
  if (text === undefined) return undefined;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
