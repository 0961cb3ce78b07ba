import type { RandomAccess } from "../../core/index.ts";
import { databaseLimits } from "../limits.ts";
import { Bytes } from "./bytes.ts";

const page = 4096;
const block = 16;
/** "RpmP", "Slot", "BlbS", little endian. */
const databaseMagic = 0x506d7052;
const slotMagic = 0x746f6c53;
const blobMagic = 0x53626c42;

/** Whether a file starts like rpm's own "ndb" database. */
export function isNdb(file: RandomAccess): boolean {
  const header = file.read(0, 8);
  return header.length === 8 && new Bytes(header).u32(0, true) === databaseMagic;
}

/**
 * The blobs of rpm's "ndb" Packages.db, in the order of their numbers: a header of 32 bytes, pages of 16-byte slots (magic,
 * number, block, count of blocks), then blobs of whole blocks with a head (magic, number, generation, length). Blobs that
 * overlap another, as no writer leaves them, are passed over: no byte is read twice.
 */
export function* ndbBlobs(file: RandomAccess, damaged: (reason: string) => void): Generator<Uint8Array> {
  const header = file.read(0, 32);
  const slotPages = header.length < 32 ? 0 : Math.min(new Bytes(header).u32(12, true), Math.ceil(file.size / page));
  if (slotPages === 0) damaged("its header is damaged");
  const slots: { number: number; start: number; end: number }[] = [];
  for (let index = 0; index < slotPages; index++) {
    const bytes = file.read(index * page, page);
    const view = new Bytes(bytes);
    for (let at = index === 0 ? 32 : 0; at + 16 <= bytes.length; at += 16) {
      const start = view.u32(at + 8, true) * block;
      const end = start + view.u32(at + 12, true) * block;
      const isSlot = view.u32(at, true) === slotMagic;
      // A free slot points nowhere.
      if (isSlot && start === 0) continue;
      if (!isSlot || start < slotPages * page || end > file.size) {
        damaged("an entry in it leads outside of it");
        continue;
      }
      slots.push({ number: view.u32(at + 4, true), start, end });
    }
  }
  slots.sort((a, b) => a.start - b.start || a.end - b.end);
  let free = 0;
  const blobs = slots
    .filter(({ start, end }) => {
      const apart = start >= free;
      if (!apart) damaged("records in it overlap");
      if (apart) free = end;
      return apart;
    })
    .sort((a, b) => a.number - b.number);
  for (const { number, start, end } of blobs) {
    const head = file.read(start, 16);
    const view = head.length < 16 ? undefined : new Bytes(head);
    const length = view?.u32(12, true) ?? 0;
    const isBlob = view?.u32(0, true) === blobMagic && view.u32(4, true) === number && start + 16 + length <= end;
    if (isBlob && length <= databaseLimits.recordBytes) yield file.read(start + 16, length);
    else damaged("a record in it is damaged");
  }
}
