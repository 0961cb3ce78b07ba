import { inflateRawSync } from "node:zlib";
import type { RandomAccess } from "../../core/index.ts";
import { bytesAt, inMemory, windowOf } from "./bytes.ts";

/** An archive's directory, and its members on demand (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3). */
export interface Zip {
  /** In the order of the central directory. */
  readonly entries: readonly ZipEntry[];
  /** A member's contents; undefined when it is damaged, encrypted, packed in another way, or larger than `limit` bytes. */
  open(entry: ZipEntry, limit: number): RandomAccess | undefined;
}

export interface ZipEntry {
  /** As written: it may hold "..", and is never used as a path of this machine. */
  readonly name: string;
  /** Bytes, unpacked, as the directory says. */
  readonly size: number;
  readonly packedSize: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  /** Of its local header, from the start of the file. */
  readonly offset: number;
}

const mostEntries = 500_000;
const largestDirectory = 128 << 20;
const unknown32 = 0xffffffff;

/** Whether a file begins as archives do; one that does and is no zip was cut off or damaged. */
export function isZipStart(file: RandomAccess): boolean {
  return bytesAt(file, 0, 4, true).u32(0) === 0x04034b50;
}

/**
 * Reads the central directory; undefined when the file is no zip. What precedes the archive (a launch script) is
 * skipped, and so are members after the first `atMost`.
 */
export function readZip(file: RandomAccess, atMost: number = mostEntries): Zip | undefined {
  const end = findEnd(file);
  if (!end || end.size > largestDirectory) return undefined;
  // Offsets count from where the archive was begun: something may have been put in front of it since.
  const shift = end.at - end.size - end.offset;
  if (shift < 0) return undefined;
  const directory = bytesAt(file, end.offset + shift, end.size, true);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.length && directory.u32(at) === 0x02014b50 && entries.length < atMost; ) {
    const nameSize = directory.u16(at + 28);
    const extraSize = directory.u16(at + 30);
    const flags = directory.u16(at + 8);
    const name = directory.buffer.toString((flags & 0x800) !== 0 ? "utf8" : "latin1", at + 46, at + 46 + nameSize);
    const wide = wideNumbers(directory.buffer.subarray(at + 46 + nameSize, at + 46 + nameSize + extraSize));
    const number = (offset: number): number => {
      const value = directory.u32(at + offset);
      return value === unknown32 ? (wide.shift() ?? value) : value;
    };
    const size = number(24);
    const packedSize = number(20);
    const offset = number(42) + shift;
    entries.push({ name, size, packedSize, method: directory.u16(at + 10), encrypted: (flags & 1) !== 0, offset });
    at += 46 + nameSize + extraSize + directory.u16(at + 32);
  }
  return { entries, open: (entry, limit) => openEntry(file, entry, limit) };
}

/** Where the central directory ends, its size and its offset as written. */
function findEnd(file: RandomAccess): { at: number; size: number; offset: number } | undefined {
  const start = Math.max(0, file.size - 65_557);
  const tail = bytesAt(file, start, file.size - start, true);
  for (
    let at = tail.buffer.lastIndexOf("PK\x05\x06");
    at >= 0;
    at = at === 0 ? -1 : tail.buffer.lastIndexOf("PK\x05\x06", at - 1)
  ) {
    if (at + 22 + tail.u16(at + 20) > tail.length) continue;
    const size = tail.u32(at + 12);
    const offset = tail.u32(at + 16);
    const locator = bytesAt(file, start + at - 20, 20, true);
    if (locator.u32(0) !== 0x07064b50) return { at: start + at, size, offset };
    // Its place as written, or right before the locator where something was put in front of the archive.
    for (const place of [locator.u64(8), start + at - 20 - 56]) {
      const wide = bytesAt(file, place, 56, true);
      if (wide.u32(0) === 0x06064b50) return { at: place, size: wide.u64(40), offset: wide.u64(48) };
    }
    return undefined;
  }
  return undefined;
}

/** The 64-bit numbers of an extra field, in the fixed order size, packed size, offset, each there only where 32 bits do not hold it. */
function wideNumbers(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const size = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      const numbers: number[] = [];
      for (let from = at + 4; from + 8 <= Math.min(at + 4 + size, extra.length); from += 8)
        numbers.push(Number(extra.readBigUInt64LE(from)));
      return numbers;
    }
    at += 4 + size;
  }
  return [];
}

function openEntry(file: RandomAccess, entry: ZipEntry, limit: number): RandomAccess | undefined {
  if (entry.encrypted || entry.size > limit || entry.packedSize > file.size) return undefined;
  const local = bytesAt(file, entry.offset, 30, true);
  if (local.u32(0) !== 0x04034b50) return undefined;
  const start = entry.offset + 30 + local.u16(26) + local.u16(28);
  if (entry.method === 0) return entry.packedSize > limit ? undefined : windowOf(file, start, entry.packedSize);
  if (entry.method !== 8) return undefined;
  try {
    const packed = bytesAt(file, start, entry.packedSize, true).buffer;
    return inMemory(
      packed.length === 0
        ? packed
        : inflateRawSync(packed, { maxOutputLength: Math.max(1, Math.min(limit, entry.size)) }),
    );
  } catch {
    return undefined;
  }
}
