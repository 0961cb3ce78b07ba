import { crc32 } from "node:zlib";
import type { Digest, Gap } from "../core/index.ts";
import type { FileEntry } from "./entry.ts";
import type { Kept } from "./keeper.ts";
import type { LayerScan } from "./scan.ts";

/** A change here makes what older versions wrote unreadable, and so read anew. */
const magic = "PLIMSOLL-SCAN-6\n";

/** What is told of a layer at once. Its entries follow as columns, then the list of kept contents, and these as they are. */
interface Head {
  readonly diffId: Digest;
  readonly keepers: readonly string[];
  readonly tarBytes: number;
  readonly storedBytes: number;
  readonly gaps: readonly Gap[];
  readonly digested: boolean;
}

type KeptList = readonly (readonly [keeper: string, path: string, length: number])[];

/** A layer's entries in columns: what takes the least time to read again, and is not read when nobody asks for entries. */
interface Columns {
  readonly count: number;
  /** Paths, one after the other, parted by NUL. */
  readonly paths: string;
  /** One letter an entry. */
  readonly types: string;
  readonly sizes: readonly number[];
  readonly modes: readonly number[];
  readonly uids: readonly number[];
  readonly gids: readonly number[];
  readonly mtimes: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly shares: readonly number[];
  /** Digests of the contents, 71 characters each, of the entries that have one: slices of one long text cost next to nothing. */
  readonly digests: string;
  readonly hasDigest: string;
  /** By index of the entry. */
  readonly links: Readonly<Record<string, string>>;
  readonly xattrs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly devices: Readonly<Record<string, readonly [number, number]>>;
}

/** The magic, the lengths of head, columns, list and kept contents as float64, the CRC-32 of the columns. */
const startBytes = magic.length + 4 * 8 + 4;

/** "sha256:" and 64 digits. */
const digestLength = 71;

const letters: Readonly<Record<FileEntry["type"], string>> = {
  file: "f",
  directory: "d",
  symlink: "s",
  hardlink: "h",
  device: "v",
  fifo: "p",
  whiteout: "w",
  opaque: "o",
};
const types = Object.fromEntries(Object.entries(letters).map(([type, letter]) => [letter, type])) as Readonly<
  Record<string, FileEntry["type"]>
>;

/** The bytes to keep, and what names the scan's entries. */
export function encodeScan(scan: LayerScan): { readonly bytes: Uint8Array; readonly stamp: string } {
  const { entries, kept } = scan;
  const byIndex = <T>(of: (entry: FileEntry) => T | undefined): Record<string, T> =>
    Object.fromEntries(
      entries.flatMap((entry, index) => {
        const value = of(entry);
        return value === undefined ? [] : [[index, value] as const];
      }),
    );
  const head: Head = {
    diffId: scan.diffId,
    keepers: scan.keepers,
    tarBytes: scan.tarBytes,
    storedBytes: scan.storedBytes,
    gaps: scan.gaps,
    digested: scan.digested,
  };
  const list: KeptList = kept.map(({ keeper, path, bytes }) => [keeper, path, bytes.length]);
  const columns: Columns = {
    count: entries.length,
    paths: entries.map(({ path }) => path).join("\0"),
    types: entries.map(({ type }) => letters[type]).join(""),
    sizes: entries.map(({ size }) => size),
    modes: entries.map(({ mode }) => mode),
    uids: entries.map(({ uid }) => uid),
    gids: entries.map(({ gid }) => gid),
    mtimes: entries.map(({ mtime }) => mtime),
    starts: entries.map(({ raw }) => raw[0]),
    ends: entries.map(({ raw }) => raw[1]),
    shares: entries.map(({ storedBytes }) => storedBytes),
    digests: entries.map(({ digest }) => digest ?? "").join(""),
    hasDigest: entries.map(({ digest }) => (digest ? "1" : "0")).join(""),
    links: byIndex(({ link }) => link),
    xattrs: byIndex(({ xattrs }) => xattrs),
    devices: byIndex(({ device }) => device),
  };
  const parts = [head, columns, list].map((part) => Buffer.from(JSON.stringify(part)));
  const checksum = crc32(parts[1] ?? "");
  const lengths = [...parts.map(({ length }) => length), kept.reduce((sum, { bytes }) => sum + bytes.length, 0)];
  const start = Buffer.alloc(startBytes);
  start.write(magic, "latin1");
  lengths.forEach((length, index) => start.writeDoubleLE(length, magic.length + 8 * index));
  start.writeUInt32LE(checksum, startBytes - 4);
  return {
    bytes: Buffer.concat([start, ...parts, ...kept.map(({ bytes }) => bytes)]),
    stamp: stampOf(head, checksum),
  };
}

function stampOf({ diffId, storedBytes }: Head, checksum: number): string {
  return `${diffId} ${storedBytes} ${checksum.toString(16)}`;
}

/**
 * What was encoded; undefined when it is not whole, of another version, or lacks what one of the keepers wants. Entries and
 * kept contents are read when they are asked for.
 */
export function decodeScan(bytes: Uint8Array, keepers: readonly string[]): LayerScan | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length < startBytes || buffer.toString("latin1", 0, magic.length) !== magic) return undefined;
  const length = (index: number): number => buffer.readDoubleLE(magic.length + 8 * index);
  const columnsAt = startBytes + length(0);
  const listAt = columnsAt + length(1);
  const keptAt = listAt + length(2);
  if (keptAt + length(3) !== buffer.length) return undefined;
  const columnBytes = buffer.subarray(columnsAt, listAt);
  const checksum = buffer.readUInt32LE(startBytes - 4);
  if (crc32(columnBytes) !== checksum) return undefined;
  let head: Head;
  try {
    head = JSON.parse(buffer.toString("utf8", startBytes, columnsAt)) as Head;
  } catch {
    return undefined;
  }
  if (!keepers.every((keeper) => head.keepers.includes(keeper))) return undefined;
  let entries: readonly FileEntry[] | undefined;
  let kept: readonly Kept[] | undefined;
  return {
    diffId: head.diffId,
    get entries() {
      entries ??= entriesOf(JSON.parse(columnBytes.toString("utf8")) as Columns);
      return entries;
    },
    tarBytes: head.tarBytes,
    storedBytes: head.storedBytes,
    get kept() {
      kept ??= keptOf(JSON.parse(buffer.toString("utf8", listAt, keptAt)) as KeptList, buffer, keptAt);
      return kept;
    },
    keepers: head.keepers,
    gaps: head.gaps,
    digested: head.digested,
    stamp: stampOf(head, checksum),
  };
}

function entriesOf(columns: Columns): readonly FileEntry[] {
  const { sizes, modes, uids, gids, mtimes, starts, ends, shares, links, xattrs, devices } = columns;
  const paths = columns.count === 0 ? [] : columns.paths.split("\0");
  let digestAt = 0;
  return paths.map((path, index): FileEntry => {
    const entry: { -readonly [K in keyof FileEntry]: FileEntry[K] } = {
      path,
      type: types[columns.types[index] ?? ""] ?? "file",
      size: sizes[index] ?? 0,
      mode: modes[index] ?? 0,
      uid: uids[index] ?? 0,
      gid: gids[index] ?? 0,
      mtime: mtimes[index] ?? 0,
      raw: [starts[index] ?? 0, ends[index] ?? 0],
      storedBytes: shares[index] ?? 0,
    };
    if (columns.hasDigest[index] === "1") {
      entry.digest = columns.digests.slice(digestAt, digestAt + digestLength) as Digest;
      digestAt += digestLength;
    }
    const link = links[index];
    if (link !== undefined) entry.link = link;
    const attributes = xattrs[index];
    if (attributes) entry.xattrs = attributes;
    const device = devices[index];
    if (device) entry.device = device;
    return entry;
  });
}

function keptOf(list: KeptList, buffer: Buffer, start: number): readonly Kept[] {
  let at = start;
  return list.map(([keeper, path, length]) => {
    const bytes = buffer.subarray(at, at + length);
    at += length;
    return { keeper, path, bytes };
  });
}
