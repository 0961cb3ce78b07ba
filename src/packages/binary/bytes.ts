import type { RandomAccess } from "../../core/index.ts";

/** Numbers out of a file, in its byte order. Nothing is thrown: what lies past the end reads as zero or as no text. */
export interface Bytes {
  readonly buffer: Buffer;
  readonly length: number;
  u8(at: number): number;
  u16(at: number): number;
  u32(at: number): number;
  /** Values past 2^53 lose their last bits: they point outside of any file. */
  u64(at: number): number;
  /** The text up to a NUL, of at most `limit` bytes, as Latin-1. */
  text(at: number, limit: number): string;
}

function numbersIn(bytes: Uint8Array, littleEndian: boolean): Bytes {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const holds = (at: number, size: number): boolean =>
    Number.isSafeInteger(at) && at >= 0 && at + size <= buffer.length;
  return {
    buffer,
    length: buffer.length,
    u8: (at) => buffer[at] ?? 0,
    u16: (at) => (!holds(at, 2) ? 0 : littleEndian ? buffer.readUInt16LE(at) : buffer.readUInt16BE(at)),
    u32: (at) => (!holds(at, 4) ? 0 : littleEndian ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at)),
    u64(at) {
      if (!holds(at, 8)) return 0;
      return littleEndian
        ? buffer.readUInt32LE(at + 4) * 2 ** 32 + buffer.readUInt32LE(at)
        : buffer.readUInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4);
    },
    text(at, limit) {
      if (!(at >= 0 && at < buffer.length)) return "";
      const last = Math.min(buffer.length, at + limit);
      const end = buffer.subarray(at, last).indexOf(0);
      return buffer.toString("latin1", at, end < 0 ? last : at + end);
    },
  };
}

/** At most `length` bytes from `offset` on, as a reader of numbers; empty where the file has none. */
export function bytesAt(file: RandomAccess, offset: number, length: number, littleEndian: boolean): Bytes {
  const inside = Number.isSafeInteger(offset) && offset >= 0 && offset < file.size && length > 0;
  return numbersIn(inside ? file.read(offset, Math.min(length, file.size - offset)) : new Uint8Array(0), littleEndian);
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
