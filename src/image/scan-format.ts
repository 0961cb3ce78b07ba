import type { Digest, Gap } from "../core/index.ts";
import type { FileEntry } from "./entry.ts";
import type { Kept } from "./keeper.ts";
import type { LayerScan } from "./scan.ts";

/** A change here makes what older versions wrote unreadable, and so read anew. */
const magic = "PLIMSOLL-SCAN-4\n";

/** A layer's scan in columns: what takes the least time to read again. Kept contents follow the columns as they are. */
interface Columns {
  readonly diffId: Digest;
  readonly keepers: readonly string[];
  readonly tarBytes: number;
  readonly storedBytes: number;
  readonly gaps: readonly Gap[];
  readonly count: number;
  readonly digested: boolean;
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
  readonly kept: readonly (readonly [keeper: string, path: string, length: number])[];
}

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

export function encodeScan(scan: LayerScan): Uint8Array {
  const { entries, kept } = scan;
  const byIndex = <T>(of: (entry: FileEntry) => T | undefined): Record<string, T> =>
    Object.fromEntries(
      entries.flatMap((entry, index) => {
        const value = of(entry);
        return value === undefined ? [] : [[index, value] as const];
      }),
    );
  const columns: Columns = {
    diffId: scan.diffId,
    keepers: scan.keepers,
    tarBytes: scan.tarBytes,
    storedBytes: scan.storedBytes,
    gaps: scan.gaps,
    count: entries.length,
    digested: scan.digested,
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
    kept: kept.map(({ keeper, path, bytes }) => [keeper, path, bytes.length]),
  };
  const head = Buffer.from(JSON.stringify(columns));
  const lengths = Buffer.alloc(16);
  lengths.writeDoubleLE(head.length, 0);
  lengths.writeDoubleLE(
    kept.reduce((sum, { bytes }) => sum + bytes.length, 0),
    8,
  );
  return Buffer.concat([Buffer.from(magic), lengths, head, ...kept.map(({ bytes }) => bytes)]);
}

/** What was encoded; undefined when it is not whole, of another version, or lacks what one of the keepers wants. */
export function decodeScan(bytes: Uint8Array, keepers: readonly string[]): LayerScan | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = magic.length + 16;
  if (buffer.length < start || buffer.toString("latin1", 0, magic.length) !== magic) return undefined;
  const headLength = buffer.readDoubleLE(magic.length);
  if (start + headLength + buffer.readDoubleLE(magic.length + 8) !== buffer.length) return undefined;
  let columns: Columns;
  try {
    columns = JSON.parse(buffer.toString("utf8", start, start + headLength)) as Columns;
  } catch {
    return undefined;
  }
  if (!keepers.every((keeper) => columns.keepers.includes(keeper))) return undefined;
  return {
    diffId: columns.diffId,
    entries: entriesOf(columns),
    tarBytes: columns.tarBytes,
    storedBytes: columns.storedBytes,
    kept: keptOf(columns, buffer, start + headLength),
    keepers: columns.keepers,
    gaps: columns.gaps,
    digested: columns.digested,
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

function keptOf({ kept }: Columns, buffer: Buffer, start: number): readonly Kept[] {
  let at = start;
  return kept.map(([keeper, path, length]) => {
    const bytes = buffer.subarray(at, at + length);
    at += length;
    return { keeper, path, bytes };
  });
}
