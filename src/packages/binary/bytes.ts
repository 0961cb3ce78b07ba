import type { RandomAccess } from "../../core/index.ts";

/** Numbers out of a file, in its byte order. Nothing is thrown: what lies past the end reads as undefined. */
export class Bytes {
  readonly buffer: Buffer;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#little = littleEndian;
  }

  get length(): number {
    return this.buffer.length;
  }

  u8(at: number): number {
    return this.buffer[at] ?? 0;
  }

  u16(at: number): number {
    if (!this.#holds(at, 2)) return 0;
    return this.#little ? this.buffer.readUInt16LE(at) : this.buffer.readUInt16BE(at);
  }

  u32(at: number): number {
    if (!this.#holds(at, 4)) return 0;
    return this.#little ? this.buffer.readUInt32LE(at) : this.buffer.readUInt32BE(at);
  }

  /** Values past 2^53 lose their last bits: they point outside of any file. */
  u64(at: number): number {
    if (!this.#holds(at, 8)) return 0;
    return Number(this.#little ? this.buffer.readBigUInt64LE(at) : this.buffer.readBigUInt64BE(at));
  }

  /** The text up to a NUL, of at most `limit` bytes. */
  text(at: number, limit: number): string {
    if (!(at >= 0 && at < this.length)) return "";
    const part = this.buffer.subarray(at, at + limit);
    const end = part.indexOf(0);
    return part.toString("latin1", 0, end < 0 ? part.length : end);
  }

  #holds(at: number, length: number): boolean {
    return Number.isSafeInteger(at) && at >= 0 && at + length <= this.length;
  }
}

/** At most `length` bytes from `offset` on, as a reader of numbers; empty where the file has none. */
export function bytesAt(file: RandomAccess, offset: number, length: number, littleEndian: boolean): Bytes {
  const inside = Number.isSafeInteger(offset) && offset >= 0 && offset < file.size && length > 0;
  return new Bytes(inside ? file.read(offset, Math.min(length, file.size - offset)) : new Uint8Array(0), littleEndian);
}

/** Bytes in memory, read like a file. */
export function inMemory(bytes: Uint8Array): RandomAccess {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** A part of a file, read like a file of its own. */
export function windowOf(file: RandomAccess, start: number, size: number): RandomAccess {
  const from = Math.min(Math.max(0, start), file.size);
  const length = Math.max(0, Math.min(size, file.size - from));
  return {
    size: length,
    read: (offset, wanted) => file.read(from + offset, Math.max(0, Math.min(wanted, length - offset))),
  };
}
