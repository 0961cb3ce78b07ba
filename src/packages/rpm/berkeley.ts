import type { RandomAccess } from "../../core/index.ts";
import { databaseLimits } from "../limits.ts";
import { Bytes, joined } from "./bytes.ts";

const hashMagic = 0x00061561;
const pageHeader = 26;
const hashPages: readonly number[] = [2, 13];
const overflowPage = 7;
/** The highest number of a kind of page. */
const lastKind = 14;
const onPage = 1;
const offPage = 3;

/** Whether a file starts like a Berkeley DB hash table, in either byte order. */
export function isBerkeley(file: RandomAccess): boolean {
  return byteOrder(file.read(0, 72)) !== undefined;
}

/**
 * The values of a Berkeley DB hash table (rpm's Packages up to version 4.15), in the order of their pages: hash pages hold
 * keys and values in turn, large values lie on chains of overflow pages. Each overflow page is read once, so that damaged
 * chains end; a value whose chain is broken is passed over. The counter that rpm keeps under key 0 is among the values.
 */
export function* berkeleyBlobs(file: RandomAccess, damaged: (reason: string) => void): Generator<Uint8Array> {
  const meta = file.read(0, 72);
  const little = byteOrder(meta) === "little";
  if (byteOrder(meta) === undefined) return;
  const size = new Bytes(meta).u32(20, little);
  if (size < 512 || size > 65536 || (size & (size - 1)) !== 0) {
    damaged("its header is damaged");
    return;
  }
  const pages = Math.ceil(file.size / size);
  // The header tells the number of the last page.
  if (new Bytes(meta).u32(32, little) * size + size > file.size) damaged("it was cut off");
  const taken = new Uint8Array(pages);
  const chain = (first: number, length: number): Uint8Array | undefined => {
    if (length > databaseLimits.recordBytes) return undefined;
    const pieces: Uint8Array[] = [];
    let rest = length;
    for (let number = first; rest > 0; ) {
      if (number < 1 || number >= pages || taken[number] !== 0) return undefined;
      taken[number] = 1;
      const bytes = file.read(number * size, size);
      if (bytes.length < size) return undefined;
      const page = new Bytes(bytes);
      const used = page.u16(22, little);
      if (page.u8(25) !== overflowPage || used === 0 || pageHeader + used > size) return undefined;
      const piece = bytes.subarray(pageHeader, pageHeader + Math.min(used, rest));
      pieces.push(piece);
      rest -= piece.length;
      number = page.u32(16, little);
    }
    return joined(pieces);
  };
  for (let number = 1; number < pages; number++) {
    const bytes = file.read(number * size, size);
    if (bytes.length < size) return;
    const page = new Bytes(bytes);
    if (page.u8(25) > lastKind) damaged("a page of it is damaged");
    if (!hashPages.includes(page.u8(25))) continue;
    const entries = Math.min(page.u16(20, little), (size - pageHeader) >> 1);
    let end = size;
    for (let index = 0; index < entries; index++) {
      const start = page.u16(pageHeader + 2 * index, little);
      // Items grow from the page's end towards its index.
      if (start < pageHeader + 2 * entries || start >= end) {
        damaged("a page of it is damaged");
        break;
      }
      const kind = page.u8(start);
      const isValue = index % 2 === 1;
      if (isValue && kind === onPage) yield bytes.subarray(start + 1, end);
      else if (isValue && kind === offPage && start + 12 <= size) {
        const value = chain(page.u32(start + 4, little), page.u32(start + 8, little));
        if (value) yield value;
        else damaged("a record in it is damaged");
      }
      end = start;
    }
  }
}

function byteOrder(meta: Uint8Array): "little" | "big" | undefined {
  if (meta.length < 72) return undefined;
  const view = new Bytes(meta);
  if (view.u32(12, true) === hashMagic) return "little";
  return view.u32(12) === hashMagic ? "big" : undefined;
}
