import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { bufferOf } from "./bytes.ts";
import { damaged } from "./damaged.ts";

/*
 * The file, numbers little-endian:
 *
 *   header   96 bytes, see `writeHeader`
 *   records  each: CRC-32 of the rest, then the key behind its length, then the value as JSON
 *   pages    256 bytes each: 15 slots of 16 bytes, the number of slots in use, CRC-32 of the 252 bytes before
 *   filter   a Bloom filter over the packages, checked by a CRC-32 in the header
 *   meta     JSON, checked by a CRC-32 in the header
 *
 * A key is looked for in the page its hash names and, while pages are full, in those after it: nearly always two reads, one
 * page and one record. Every part that is read is checked, so a damaged store says so in place of missing an advisory.
 */
export const formatVersion = 2;
export const headerBytes = 96;
export const pageBytes = 256;
export const slotsPerPage = 15;
const slotBytes = 16;
const magic = Buffer.from("PLIMSTOR");

/** The largest record, in bytes: the Linux kernel's in one distribution is under 1 MiB. */
export const maximumRecordBytes: number = 32 << 20;
export const maximumMetaBytes: number = 4 << 20;
const maximumFilterBytes = 16 << 20;

export interface Header {
  readonly fileBytes: number;
  readonly pagesAt: number;
  readonly pageCount: number;
  readonly filterBytes: number;
  readonly filterCrc: number;
  readonly metaAt: number;
  readonly metaBytes: number;
  readonly metaCrc: number;
  /** Of everything behind the header. */
  readonly sha256: Uint8Array;
}

export interface Slot {
  readonly hash: KeyHash;
  readonly offset: number;
  readonly length: number;
}

/** 64 bits of a key's SHA-256: nobody can choose package names that crowd one page. */
export interface KeyHash {
  readonly high: number;
  readonly low: number;
}

export function hashKey(key: string): KeyHash {
  const digest = hash("sha256", key);
  return { high: Number.parseInt(digest.slice(0, 8), 16), low: Number.parseInt(digest.slice(8, 16), 16) };
}

export function writeHeader(header: Header): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  magic.copy(bytes, 0);
  bytes.writeUInt32LE(formatVersion, 8);
  bytes.writeBigUInt64LE(BigInt(header.fileBytes), 16);
  bytes.writeBigUInt64LE(BigInt(header.pagesAt), 24);
  bytes.writeUInt32LE(header.pageCount, 32);
  bytes.writeUInt32LE(header.metaBytes, 36);
  bytes.writeBigUInt64LE(BigInt(header.metaAt), 40);
  bytes.writeUInt32LE(header.metaCrc, 48);
  bytes.writeUInt32LE(header.filterBytes, 52);
  bytes.writeUInt32LE(header.filterCrc, 56);
  bytes.set(header.sha256, 64);
  bytes.writeUInt32LE(crc32(bytes.subarray(16)), 12);
  return bytes;
}

/** Checks that the parts lie where they must; a header of another format version is refused with its number. */
export function readHeader(bytes: Uint8Array, fileBytes: number): Header {
  const buffer = Buffer.from(bytes);
  if (buffer.length < headerBytes || !buffer.subarray(0, 8).equals(magic)) throw damaged("it does not begin like one");
  const version = buffer.readUInt32LE(8);
  if (version !== formatVersion) throw damaged(`its format is ${version}, this version reads ${formatVersion}`);
  if (buffer.readUInt32LE(12) !== crc32(buffer.subarray(16))) throw damaged("its header does not match its checksum");
  const header: Header = {
    fileBytes: Number(buffer.readBigUInt64LE(16)),
    pagesAt: Number(buffer.readBigUInt64LE(24)),
    pageCount: buffer.readUInt32LE(32),
    metaBytes: buffer.readUInt32LE(36),
    metaAt: Number(buffer.readBigUInt64LE(40)),
    metaCrc: buffer.readUInt32LE(48),
    filterBytes: buffer.readUInt32LE(52),
    filterCrc: buffer.readUInt32LE(56),
    sha256: buffer.subarray(64, 96),
  };
  if (header.fileBytes !== fileBytes) throw damaged(`it is ${fileBytes} bytes long and says ${header.fileBytes}`);
  const pagesEnd = header.pagesAt + header.pageCount * pageBytes;
  if (header.pageCount < 1 || header.pagesAt < headerBytes || pagesEnd + header.filterBytes !== header.metaAt)
    throw damaged("its parts overlap");
  if (header.filterBytes < 1 || header.filterBytes > maximumFilterBytes)
    throw damaged("its filter has an impossible size");
  if (header.metaBytes > maximumMetaBytes || header.metaAt + header.metaBytes !== fileBytes)
    throw damaged("its parts do not fill it");
  return header;
}

export function writeSlot(page: Buffer, index: number, slot: Slot): void {
  const at = index * slotBytes;
  page.writeUInt32LE(slot.hash.low, at);
  page.writeUInt32LE(slot.length, at + 4);
  page.writeUIntLE(slot.offset, at + 8, 6);
  page.writeUInt16LE(slot.hash.high & 0xffff, at + 14);
}

export function sealPage(page: Buffer, used: number): void {
  page[slotsPerPage * slotBytes] = used;
  page.writeUInt32LE(crc32(page.subarray(0, pageBytes - 4)), pageBytes - 4);
}

/** The places of the records that may be the key's (nearly always one or none), and whether the next page must be read too. */
export function findInPage(
  bytes: Uint8Array,
  hash: KeyHash,
): { readonly slots: readonly Slot[]; readonly full: boolean } {
  const page = bufferOf(bytes);
  const used = slotsUsed(page);
  let slots: Slot[] | undefined;
  for (let at = 0; at < used * slotBytes; at += slotBytes) {
    if (page.readUInt32LE(at) !== hash.low || page.readUInt16LE(at + 14) !== (hash.high & 0xffff)) continue;
    slots ??= [];
    slots.push({ hash, ...placeIn(page, at) });
  }
  return { slots: slots ?? nothing, full: used === slotsPerPage };
}

/** The places of all records that a page names. */
export function slotsInPage(bytes: Uint8Array): readonly { readonly offset: number; readonly length: number }[] {
  const page = bufferOf(bytes);
  return Array.from({ length: slotsUsed(page) }, (_, slot) => placeIn(page, slot * slotBytes));
}

function slotsUsed(page: Buffer): number {
  if (page.length !== pageBytes || page.readUInt32LE(pageBytes - 4) !== crc32(page.subarray(0, pageBytes - 4)))
    throw damaged("a page of its index does not match its checksum");
  return Math.min(page[slotsPerPage * slotBytes] ?? 0, slotsPerPage);
}

function placeIn(page: Buffer, at: number): { readonly offset: number; readonly length: number } {
  return { length: page.readUInt32LE(at + 4), offset: page.readUIntLE(at + 8, 6) };
}

const nothing: readonly Slot[] = [];

/** Which page a key belongs on. */
export function homePage(hash: KeyHash, pageCount: number): number {
  return Math.floor((hash.high / 2 ** 32) * pageCount);
}
