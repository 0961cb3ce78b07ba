import { crc32 } from "node:zlib";
import type { RandomAccess } from "../../core/index.ts";
import { bufferOf, type ByteReader, createByteReader, damaged } from "./bytes.ts";
import { type Header, headerBytes, maximumRecordBytes } from "./layout.ts";

/**
 * Reads a record and compares its checksum; what is read first is its key.
 * @throws PlimsollError store.damaged
 */
export function readRecord(
  file: RandomAccess,
  header: Header,
  { offset, length }: { readonly offset: number; readonly length: number },
): ByteReader {
  if (length < 5 || length > maximumRecordBytes || offset < headerBytes || offset + length > header.pagesAt)
    throw damaged("its index points outside its records");
  const record = bufferOf(file.read(offset, length));
  const rest = record.subarray(4);
  if (record.length !== length || record.readUInt32LE() !== crc32(rest))
    throw damaged("a record does not match its checksum");
  return createByteReader(rest);
}
