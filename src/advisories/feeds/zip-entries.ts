import { crc32, inflateRawSync } from "node:zlib";
import type { RandomAccess } from "../../core/index.ts";
import { invalidFeed, tooLargeFeed } from "./refusal.ts";

export interface ZipEntry {
  readonly name: string;
  /** Its bytes, inflated and compared with their checksum. */
  read(): Uint8Array;
}

const limits = { entries: 2_000_000, entryBytes: 16 << 20, nameBytes: 1024, totalBytes: 64 * 2 ** 30 };
const signatures = {
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  central: 0x02014b50,
  local: 0x04034b50,
};
/** Read ahead, in bytes: entries lie one behind the other. */
const windowBytes = 1 << 20;

/**
 * The entries of a zip archive in the order of its central directory (APPNOTE 6.3.10, zip64 included), which is streamed: an
 * archive of any number of entries takes two windows of memory. Only stored and deflated entries, none encrypted.
 * @throws PlimsollError feed.invalid, feed.limit
 */
export function* zipEntries(archive: RandomAccess): Generator<ZipEntry> {
  const { count, at, bytes } = findDirectory(archive);
  if (count > limits.entries) throw tooLargeFeed(`a zip archive has ${count} entries`);
  if (at + bytes > archive.size) throw invalidFeed("a zip archive's directory lies outside it");
  const directory = windowed(archive);
  const contents = windowed(archive);
  let total = 0;
  let place = at;
  for (let i = 0; i < count; i++) {
    const head = directory(place, 46);
    if (head.length < 46 || head.readUInt32LE(0) !== signatures.central)
      throw invalidFeed("a zip archive's directory is damaged");
    const nameBytes = head.readUInt16LE(28);
    const extraBytes = head.readUInt16LE(30);
    if (nameBytes > limits.nameBytes) throw tooLargeFeed("a name in a zip archive is too long");
    const more = directory(place + 46, nameBytes + extraBytes);
    if (more.length < nameBytes + extraBytes) throw invalidFeed("a zip archive's directory is damaged");
    place += 46 + nameBytes + extraBytes + head.readUInt16LE(32);
    const name = more.toString("utf8", 0, nameBytes);
    const sizes = readSizes(head, more.subarray(nameBytes));
    total += sizes.inflated;
    if (sizes.inflated > limits.entryBytes || total > limits.totalBytes)
      throw tooLargeFeed(`${shown(name)} in a zip archive is too large`);
    if (name.endsWith("/")) continue;
    const method = head.readUInt16LE(10);
    if ((method !== 0 && method !== 8) || head.readUInt16LE(8) & 1)
      throw invalidFeed(`${shown(name)} in a zip archive is packed in a way that is not read`);
    const checksum = head.readUInt32LE(16);
    yield { name, read: () => readEntry(contents, name, method, sizes, checksum) };
  }
}

interface Sizes {
  readonly packed: number;
  readonly inflated: number;
  readonly at: number;
}

type ReadAt = (offset: number, length: number) => Buffer;

function readEntry(read: ReadAt, name: string, method: number, { packed, inflated, at }: Sizes, checksum: number) {
  if (packed > limits.entryBytes) throw tooLargeFeed(`${shown(name)} in a zip archive is too large`);
  const local = read(at, 30);
  if (local.length < 30 || local.readUInt32LE(0) !== signatures.local)
    throw invalidFeed(`${shown(name)} is not where its zip archive says`);
  const stored = read(at + 30 + local.readUInt16LE(26) + local.readUInt16LE(28), packed);
  let bytes: Buffer;
  try {
    bytes = method === 0 ? stored : inflateRawSync(stored, { maxOutputLength: Math.max(1, inflated) });
  } catch (error) {
    throw invalidFeed(`${shown(name)} in a zip archive cannot be inflated`, error);
  }
  if (bytes.length !== inflated || crc32(bytes) !== checksum)
    throw invalidFeed(`${shown(name)} in a zip archive does not match its checksum`);
  return bytes;
}

/** With the zip64 extra field where the plain fields overflow (section 4.5.3). */
function readSizes(head: Buffer, extra: Buffer): Sizes {
  let packed = head.readUInt32LE(20);
  let inflated = head.readUInt32LE(24);
  let at = head.readUInt32LE(42);
  if (packed !== 0xffffffff && inflated !== 0xffffffff && at !== 0xffffffff) return { packed, inflated, at };
  for (let field = 0; field + 4 <= extra.length; field += 4 + extra.readUInt16LE(field + 2)) {
    if (extra.readUInt16LE(field) !== 1) continue;
    const values = extra.subarray(field + 4, field + 4 + extra.readUInt16LE(field + 2));
    let next = 0;
    const wide = (): number => {
      if (next + 8 > values.length) throw invalidFeed("a zip archive's directory is damaged");
      next += 8;
      return Number(values.readBigUInt64LE(next - 8));
    };
    if (inflated === 0xffffffff) inflated = wide();
    if (packed === 0xffffffff) packed = wide();
    if (at === 0xffffffff) at = wide();
    break;
  }
  return { packed, inflated, at };
}

/** Where the central directory lies: the last "end" record whose comment reaches the end of the file. */
function findDirectory(archive: RandomAccess): { readonly count: number; readonly at: number; readonly bytes: number } {
  const tailAt = Math.max(0, archive.size - (22 + 0xffff));
  const tail = asBuffer(archive.read(tailAt, archive.size - tailAt));
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== signatures.end || at + 22 + tail.readUInt16LE(at + 20) > tail.length) continue;
    const plain = {
      count: tail.readUInt16LE(at + 10),
      bytes: tail.readUInt32LE(at + 12),
      at: tail.readUInt32LE(at + 16),
    };
    if (at < 20 || tail.readUInt32LE(at - 20) !== signatures.locator64) return plain;
    const end64 = asBuffer(archive.read(Number(tail.readBigUInt64LE(at - 12)), 56));
    if (end64.length < 56 || end64.readUInt32LE(0) !== signatures.end64)
      throw invalidFeed("a zip archive's end is damaged");
    return {
      count: Number(end64.readBigUInt64LE(32)),
      bytes: Number(end64.readBigUInt64LE(40)),
      at: Number(end64.readBigUInt64LE(48)),
    };
  }
  throw invalidFeed("a file is not a zip archive, or not a whole one");
}

function windowed(file: RandomAccess): ReadAt {
  let start = 0;
  let window: Buffer = Buffer.alloc(0);
  return (offset, length) => {
    if (offset < start || offset + length > start + window.length) {
      start = offset;
      window = asBuffer(file.read(offset, Math.max(length, windowBytes)));
    }
    return window.subarray(offset - start, offset - start + length);
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}
