import type { RandomAccess } from "../../core/index.ts";
import { nameBytes } from "../../host/index.ts";
import { block, parsePax, parseTarHeader, invalid } from "../tar-header.ts";
import { padding, paxRecord, sealHeader, tarHeader } from "../tar-write.ts";
import type { HeaderChange } from "./piece.ts";

/** All that stands before an entry's contents. */
export interface EntryHeaders {
  /** PAX records, and GNU long names as the records they mean. */
  readonly records: ReadonlyMap<string, Uint8Array>;
  /** The entry's own block. */
  readonly own: Uint8Array;
  /** Further blocks of an old GNU sparse map. */
  readonly sparse: Uint8Array;
  /** Bytes of all of it. */
  readonly length: number;
}

/** Reads the headers of an entry that begins at `start`. Throws `image.invalid`. */
export function readHeaders(tar: RandomAccess, start: number): EntryHeaders {
  const records = new Map<string, Uint8Array>();
  let at = start;
  for (;;) {
    const own = blockAt(tar, at);
    const header = parseTarHeader(own);
    if (!header) throw invalid("an entry of a layer's tar has no header");
    at += block;
    if (header.flag !== "x" && header.flag !== "L" && header.flag !== "K") {
      const sparseStart = at;
      if (header.flag === "S" && own[482] !== 0) while (blockAt(tar, (at += block) - block)[504] !== 0);
      return { records, own, sparse: tar.read(sparseStart, at - sparseStart), length: at - start };
    }
    const body = tar.read(at, header.size);
    at += header.size + padding(header.size).length;
    if (header.flag === "x") for (const [key, value] of parsePax(body)) records.set(key, value);
    else {
      const end = body.indexOf(0);
      const key = header.flag === "L" ? "path" : "linkpath";
      if (!records.has(key)) records.set(key, end < 0 ? body : body.subarray(0, end));
    }
  }
}

/** The headers with a change made. Where a name fits into the entry's own block it stands there, else in a PAX record. */
export function changeHeaders(headers: EntryHeaders, { path, link, mtime }: HeaderChange): Buffer {
  const records = new Map(headers.records);
  const own = Buffer.from(headers.own);
  const flag = String.fromCharCode(own[156] ?? 0);
  let { sparse } = headers;
  if (path !== undefined) {
    records.delete("GNU.sparse.name");
    const directory = flag === "5" && link === undefined;
    setName(own, records, "path", directory ? `${path}/` : path);
  }
  if (link !== undefined) {
    for (const key of records.keys()) if (key === "size" || key.startsWith("GNU.sparse.")) records.delete(key);
    if (flag === "S") own.fill(0, 345);
    sparse = new Uint8Array(0);
    own.write("1", 156, "latin1");
    own.write("00000000000\0", 124, "latin1");
    setName(own, records, "linkpath", link);
  }
  if (mtime !== undefined) {
    records.delete("mtime");
    own.write(`${mtime.toString(8).padStart(11, "0")}\0`, 136, "latin1");
  }
  sealHeader(own);
  return Buffer.concat([extended(records), own, sparse]);
}

function setName(own: Buffer, records: Map<string, Uint8Array>, key: "path" | "linkpath", text: string): void {
  const bytes = Buffer.from(nameBytes(text));
  const at = key === "path" ? 0 : 157;
  if (bytes.length > 100) records.set(key, bytes);
  else records.delete(key);
  own.fill(0, at, at + 100);
  bytes.copy(own, at, 0, 100);
  // What POSIX would put before the name. GNU keeps times there.
  if (key === "path" && own.toString("latin1", 257, 263) === "ustar\0") own.fill(0, 345, 500);
}

/** An extended header of these records (POSIX.1-2001, "pax Extended Header"); nothing when there are none. */
function extended(records: ReadonlyMap<string, Uint8Array>): Buffer {
  if (records.size === 0) return Buffer.alloc(0);
  const body = Buffer.concat([...records].map(([key, value]) => paxRecord(key, value)));
  const block = tarHeader({ name: "PaxHeaders", flag: "0", mode: 0o644, uid: 0, gid: 0, size: body.length, mtime: 0 });
  block.write("x", 156, "latin1");
  sealHeader(block);
  return Buffer.concat([block, body, padding(body.length)]);
}

function blockAt(tar: RandomAccess, at: number): Uint8Array {
  const bytes = tar.read(at, block);
  if (bytes.length < block) throw invalid("a layer's tar ends inside of an entry");
  return bytes;
}
