import type { RandomAccess } from "../../core/index.ts";
import { databaseLimits } from "../limits.ts";
import { Bytes, joined } from "./bytes.ts";

const magic = "SQLite format 3\0";
const deepest = 32;

/** A value of a record: only what tables of packages hold. */
type Value = number | Uint8Array | undefined;

/** Whether a file starts like an SQLite database. */
export function isSqlite(file: RandomAccess): boolean {
  return new TextDecoder("latin1").decode(file.read(0, 16)) === magic;
}

/**
 * The blobs in the last column of a table (SQLite "Database File Format": b-tree pages, record format, overflow pages), in
 * the order of their row ids. What is in a write-ahead log beside the file is not seen: whoever closes a database folds it in.
 * Each page is read once, so that damaged links end; a damaged page ends its branch.
 */
export function* sqliteBlobs(
  file: RandomAccess,
  table: string,
  damaged: (reason: string) => void,
): Generator<Uint8Array> {
  const database = openPages(file, damaged);
  if (!database) {
    damaged("its header is damaged");
    return;
  }
  for (const row of rows(database, 1, 0)) {
    // sqlite_schema: type, name, tbl_name, rootpage, sql.
    const [type, name, , root] = row;
    if (textOf(type) !== "table" || textOf(name) !== table || typeof root !== "number") continue;
    for (const values of rows(database, root, 0)) {
      const blob = values.at(-1);
      if (blob instanceof Uint8Array) yield blob;
    }
    return;
  }
  damaged(`it has no table ${table}`);
}

interface Pages {
  /** Bytes of a page that can be used. */
  readonly usable: number;
  /** A page that was not handed out before; pages count from 1. */
  take(page: number): Bytes | undefined;
  damaged(this: void, reason: string): void;
}

function openPages(file: RandomAccess, damaged: (reason: string) => void): Pages | undefined {
  const header = file.read(0, 100);
  if (header.length < 100) return undefined;
  const view = new Bytes(header);
  const size = view.u16(16) === 1 ? 65536 : view.u16(16);
  const usable = size - view.u8(20);
  if (size < 512 || (size & (size - 1)) !== 0 || usable < 480) return undefined;
  const taken = new Uint8Array(Math.ceil(file.size / size) + 1);
  return {
    usable,
    take(page) {
      const isNew = page >= 1 && page < taken.length && taken[page] === 0;
      if (isNew) taken[page] = 1;
      const bytes = isNew ? file.read((page - 1) * size, size) : undefined;
      if (bytes?.length !== size) damaged("a page of it is missing");
      return bytes?.length === size ? new Bytes(bytes) : undefined;
    },
    damaged,
  };
}

function* rows(pages: Pages, number: number, depth: number): Generator<Value[]> {
  const page = depth <= deepest ? pages.take(number) : undefined;
  if (!page) return;
  const start = number === 1 ? 100 : 0;
  const kind = page.u8(start);
  const cells = page.u16(start + 3);
  if (kind === 5) {
    for (let cell = 0; cell < cells; cell++) {
      const at = pointer(page, start + 12 + 2 * cell);
      if (at === undefined || at + 4 > page.length) {
        pages.damaged("a page of it is damaged");
        return;
      }
      yield* rows(pages, page.u32(at), depth + 1);
    }
    yield* rows(pages, page.u32(start + 8), depth + 1);
  } else if (kind === 13) {
    let used = 0;
    for (let cell = 0; cell < cells; cell++) {
      const at = pointer(page, start + 8 + 2 * cell);
      // Cells that lie in one another would make a page longer than it is.
      if (at === undefined || used > page.length) {
        pages.damaged("a page of it is damaged");
        return;
      }
      const values = within(() => {
        const { bytes, here } = payload(pages, page, at);
        used += here;
        return record(bytes);
      });
      if (values) yield values;
      else pages.damaged("a record in it is damaged");
    }
  } else pages.damaged("a page of it is damaged");
}

function pointer(page: Bytes, at: number): number | undefined {
  return at + 2 <= page.length ? page.u16(at) : undefined;
}

/**
 * The payload of a leaf cell: on the page as far as it fits, the rest on overflow
 * pages ("Cell Payload Overflow Pages"). `here` counts the bytes on the page.
 */
function payload(pages: Pages, page: Bytes, at: number): { bytes: Uint8Array; here: number } {
  const [size, afterSize] = varint(page, at);
  const [, start] = varint(page, afterSize);
  if (size > databaseLimits.recordBytes) throw new RangeError("larger than any record");
  const { usable } = pages;
  const most = usable - 35;
  if (size <= most) return { bytes: page.slice(start, start + size), here: size };
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const spread = least + ((size - least) % (usable - 4));
  const here = spread <= most ? spread : least;
  const pieces = [page.slice(start, start + here)];
  let rest = size - here;
  let next = page.u32(start + here);
  while (rest > 0) {
    const more = pages.take(next);
    if (!more) throw new RangeError("an overflow page is missing");
    const length = Math.min(rest, usable - 4);
    pieces.push(more.slice(4, 4 + length));
    rest -= length;
    next = more.u32(0);
  }
  return { bytes: joined(pieces), here };
}

/** "Record Format": a header of serial types, then the values. */
function record(bytes: Uint8Array): Value[] {
  const view = new Bytes(bytes);
  const values: Value[] = [];
  const [headerSize, first] = varint(view, 0);
  let body = headerSize;
  for (let at = first; at < headerSize; ) {
    const [type, next] = varint(view, at);
    at = next;
    const size = type >= 12 ? Math.floor((type - 12) / 2) : ([0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0);
    const value = view.slice(body, body + size);
    body += size;
    values.push(type >= 12 ? value : integer(type, value));
  }
  return values;
}

/** Positive integers; nothing asked for here is negative or a fraction. */
function integer(type: number, bytes: Uint8Array): number | undefined {
  if (type === 8 || type === 9) return type - 8;
  return type >= 1 && type <= 6 ? bytes.reduce((sum, byte) => sum * 256 + byte, 0) : undefined;
}

/** "Variable-length integer": up to nine bytes, high bits first. Past 2^53 it is no size or place, whatever it is exactly. */
function varint(bytes: Bytes, at: number): [value: number, next: number] {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes.u8(at + index);
    value = value * 128 + (byte & 127);
    if (byte < 128) return [value, at + index + 1];
  }
  return [value * 256 + bytes.u8(at + 8), at + 9];
}

function textOf(value: Value): string | undefined {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
}

function within<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
