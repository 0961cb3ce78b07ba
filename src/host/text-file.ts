import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { PlimsollError } from "../core/index.ts";

/** Largest text read as a Dockerfile or configuration, in bytes. */
export const maximumTextBytes: number = 4 << 20;

/**
 * Reads a file that must be UTF-8 text.
 * @param path where it is
 * @param name how messages name it
 * @throws PlimsollError target.missing, target.unreadable, target.too-large, target.not-text
 */
export function readTextFile(path: string, name: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    throw unreadable(error, name);
  }
  try {
    const { size, isFile } = ((stats) => ({
      size: stats.size,
      isFile: stats.isFile() || stats.isFIFO() || stats.isCharacterDevice(),
    }))(fstatSync(descriptor));
    if (!isFile)
      throw new PlimsollError("target.unreadable", `${name} is not a file`, {
        hint: "name a Dockerfile, or a directory to search",
      });
    if (size > maximumTextBytes) throw tooLarge(name);
    return decodeText(readBounded(descriptor, name), name);
  } catch (error) {
    throw error instanceof PlimsollError ? error : unreadable(error, name);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads all of a descriptor (standard input is 0), up to the limit. */
export function readBounded(descriptor: number, name: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const chunk = new Uint8Array(64 << 10);
    let read: number;
    try {
      read = readSync(descriptor, chunk);
    } catch (error) {
      if (codeOf(error) === "EAGAIN") continue;
      if (codeOf(error) === "EOF") break;
      throw error;
    }
    if (read === 0) break;
    total += read;
    if (total > maximumTextBytes) throw tooLarge(name);
    chunks.push(chunk.subarray(0, read));
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

/** Bytes as text; a byte order mark stays, so that offsets are those of the file. */
export function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes.includes(0)) {
    throw new PlimsollError("target.not-text", `${name} is a binary file`, {
      hint: "name a Dockerfile; an image in a file is named as archive:FILE",
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new PlimsollError("target.not-text", `${name} is not valid UTF-8`, {
      hint: `convert it: iconv -f latin1 -t utf-8 ${name}`,
    });
  }
}

function tooLarge(name: string): PlimsollError {
  return new PlimsollError("target.too-large", `${name} is larger than ${maximumTextBytes >> 20} MiB`, {
    hint: "no Dockerfile is that long: name another file",
  });
}

function unreadable(error: unknown, name: string): PlimsollError {
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new PlimsollError("target.missing", `${name} does not exist`, {
      hint: "check the path; without one the current directory is searched",
      cause: error,
    });
  }
  return new PlimsollError("target.unreadable", `${name} cannot be read (${code || "unknown reason"})`, {
    hint: `look at its permissions: ls -l ${name}`,
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
