import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RandomAccess } from "../core/index.ts";

const inMemory = 4 << 20;

/**
 * Holds one file's contents for as long as somebody reads them: small ones in memory, large ones in a temporary file that has
 * no name any more, so that nothing is left behind even when the process is killed.
 */
export class Spool {
  readonly #parts: Uint8Array[] = [];
  #file: number | undefined;
  #size = 0;

  write(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#file === undefined && this.#size <= inMemory) {
      this.#parts.push(Buffer.from(part));
      return;
    }
    if (this.#file === undefined) {
      this.#file = openNameless();
      for (const earlier of this.#parts.splice(0)) writeAll(this.#file, earlier);
    }
    writeAll(this.#file, part);
  }

  /** The contents so far; valid until `close`. */
  access(): RandomAccess {
    const file = this.#file;
    const size = this.#size;
    if (file === undefined) return accessBytes(this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts));
    return {
      size,
      read: (offset, length) => {
        if (!(offset >= 0 && length > 0) || offset >= size) return new Uint8Array(0);
        const bytes = Buffer.allocUnsafe(Math.min(length, size - offset));
        return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset));
      },
    };
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** Bytes in memory, read at random. */
export function accessBytes(bytes: Uint8Array = new Uint8Array(0)): RandomAccess {
  return {
    size: bytes.length,
    read: (offset, length) =>
      offset >= 0 && length > 0 ? bytes.subarray(offset, Math.min(bytes.length, offset + length)) : new Uint8Array(0),
  };
}

function openNameless(): number {
  const directory = mkdtempSync(join(tmpdir(), "plimsoll-"));
  try {
    return openSync(join(directory, "spool"), "wx+", 0o600);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
