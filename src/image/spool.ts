import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RandomAccess } from "../core/index.ts";

/** Room that is made at first, where nobody says how much is to come. */
const leastRoom = 64 << 10;

/**
 * Holds one file's contents for as long as somebody reads them: small ones in memory, large ones in a temporary file that has
 * no name any more, so that nothing is left behind even when the process is killed. One that is started again uses its room
 * again, so that the contents of thousands of files cost one allocation.
 */
export class Spool {
  readonly #memory: number;
  #room: Buffer = nothing;
  #file: number | undefined;
  #size = 0;

  /** @param memory the most bytes that are held in memory */
  constructor(memory: number = 4 << 20) {
    this.#memory = memory;
  }

  /** Forgets what it holds, and makes room for `size` bytes. */
  start(size: number): void {
    this.close();
    this.#size = 0;
    if (size <= this.#memory) this.#reserve(size);
  }

  write(part: Uint8Array): void {
    const before = this.#size;
    this.#size += part.length;
    if (this.#file === undefined && this.#size <= this.#memory) {
      this.#reserve(this.#size);
      this.#room.set(part, before);
      return;
    }
    if (this.#file === undefined) {
      this.#file = openNameless();
      writeAll(this.#file, this.#room.subarray(0, before));
    }
    writeAll(this.#file, part);
  }

  /** The contents so far; what is read of them is valid until the next `start`, and nothing can be read after `close`. */
  access(): RandomAccess {
    const file = this.#file;
    const size = this.#size;
    if (file === undefined) return accessBytes(this.#room.subarray(0, size));
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

  #reserve(size: number): void {
    if (size <= this.#room.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.min(this.#memory, Math.max(leastRoom, size, 2 * this.#room.length)));
    larger.set(this.#room.subarray(0, Math.min(this.#size, this.#room.length)));
    this.#room = larger;
  }
}

const nothing = Buffer.alloc(0);

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
