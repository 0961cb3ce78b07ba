import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { FileWriter } from "../../host/index.ts";
import { createByteWriter } from "./bytes.ts";
import { makeFilter } from "./key-filter.ts";
import { splitPackageKey } from "./keys.ts";
import {
  hashKey,
  type KeyHash,
  headerBytes,
  homePage,
  maximumRecordBytes,
  pageBytes,
  sealPage,
  type Slot,
  slotsPerPage,
  writeHeader,
  writeSlot,
} from "./layout.ts";

/** Pages are filled to this share on average, so that nearly every key is on the page its hash names. */
const fill = 0.7;
/** Further than this from its own page no key is looked for. */
export const maximumProbes = 32;

/** Writes a store's file front to back: records as they come, then the index over them. */
export interface RecordWriter {
  /** Where the record lies, to be told to others. */
  add(key: string, value: string): number;
  /** Writes index, meta and header; the SHA-256 of all but the header is what the meta is made with. */
  finish(meta: (contents: string) => Buffer): void;
}

export function createRecordWriter(file: FileWriter): RecordWriter {
  const slots: Slot[] = [];
  const packages: KeyHash[] = [];
  const hash = createHash("sha256");
  const writer = createByteWriter();
  const crcBytes = Buffer.alloc(4);
  file.write(Buffer.alloc(headerBytes));
  const put = (bytes: Uint8Array): void => {
    hash.update(bytes);
    file.write(bytes);
  };
  return {
    add(key, value) {
      const offset = file.size;
      writer.text(key);
      writer.remainder(value);
      const record = writer.take();
      if (record.length + 4 > maximumRecordBytes) throw new RangeError(`the record of ${key} is too large`);
      crcBytes.writeUInt32LE(crc32(record));
      put(crcBytes);
      put(record);
      const keyHash = hashKey(key);
      slots.push({ hash: keyHash, offset, length: record.length + 4 });
      if (splitPackageKey(key)) packages.push(keyHash);
      return offset;
    },
    finish(meta) {
      const pagesAt = file.size;
      const pages = indexPages(slots);
      put(pages);
      const filter = makeFilter(packages);
      put(filter);
      const metaAt = file.size;
      const metaBytes = meta(hash.copy().digest("hex"));
      put(metaBytes);
      file.overwrite(
        0,
        writeHeader({
          fileBytes: file.size,
          pagesAt,
          pageCount: pages.length / pageBytes,
          filterBytes: filter.length,
          filterCrc: crc32(filter),
          metaAt,
          metaBytes: metaBytes.length,
          metaCrc: crc32(metaBytes),
          sha256: hash.digest(),
        }),
      );
    },
  };
}

/** All pages, one behind the other. */
function indexPages(slots: Slot[]): Buffer {
  slots.sort((a, b) => a.hash.high - b.hash.high || a.hash.low - b.hash.low || a.offset - b.offset);
  for (let count = Math.max(1, Math.ceil(slots.length / (slotsPerPage * fill))); ; count *= 2) {
    const pages = placeSlots(slots, count);
    if (pages) return pages;
  }
}

/** Undefined when some key would come to lie too far from its page. */
function placeSlots(slots: readonly Slot[], count: number): Buffer | undefined {
  const pages = Buffer.alloc(count * pageBytes);
  const pageAt = (index: number): Buffer => pages.subarray(index * pageBytes, (index + 1) * pageBytes);
  const used = new Uint8Array(count);
  for (const slot of slots) {
    const home = homePage(slot.hash, count);
    let probe = 0;
    while (used[(home + probe) % count] === slotsPerPage) {
      if (++probe >= Math.min(count, maximumProbes)) return undefined;
    }
    const page = (home + probe) % count;
    writeSlot(pageAt(page), used[page] ?? 0, slot);
    used[page] = (used[page] ?? 0) + 1;
  }
  used.forEach((inUse, page) => sealPage(pageAt(page), inUse));
  return pages;
}
