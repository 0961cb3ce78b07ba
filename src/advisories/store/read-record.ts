import { crc32 } from "node:zlib";
import type { RandomAccess } from "../../core/index.ts";
import { bufferOf, createByteReader } from "./bytes.ts";
import { damaged } from "./damaged.ts";
import { type Header, headerBytes, maximumRecordBytes } from "./layout.ts";

export interface StoredRecord {
  readonly key: string;
  /** JSON. */
  readonly value: string;
}

/**
 * Reads a record and compares its checksum.
 * @throws PlimsollError store.damaged
 */
export function readRecord(
  file: RandomAccess,
  header: Header,
  { offset, length }: { readonly offset: number; readonly length: number },
): StoredRecord {
  if (length < 5 || length > maximumRecordBytes || offset < headerBytes || offset + length > header.pagesAt)
    throw damaged("its index points outside its records");
  const record = bufferOf(file.read(offset, length));
  const rest = record.subarray(4);
  if (record.length !== length || record.readUInt32LE() !== crc32(rest))
    throw damaged("a record does not match its checksum");
  const reader = createByteReader(rest);
  return { key: reader.text(), value: reader.remainder() };
}
