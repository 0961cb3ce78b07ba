import { Bytes } from "./bytes.ts";

/** What is read of an rpm header: tags by their numbers in rpm's tag list. */
const tags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  size: 1009,
  vendor: 1011,
  license: 1014,
  arch: 1022,
  oldFileNames: 1027,
  fileModes: 1030,
  sourceRpm: 1044,
  provideName: 1047,
  requireName: 1049,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  longSize: 5009,
  modularityLabel: 5096,
} as const;

type Tag = (typeof tags)[keyof typeof tags];
const wanted: ReadonlySet<number> = new Set(Object.values(tags));

/** One package of an rpm database. */
export interface RpmHeader {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch?: number;
  readonly arch?: string;
  readonly sourceRpm?: string;
  readonly vendor?: string;
  readonly license?: string;
  readonly modularity?: string;
  /** Bytes when installed. */
  readonly size?: number;
  readonly provides: readonly string[];
  readonly requires: readonly string[];
  /** Its files (directories are left out): where they lie, with "/" at both ends, and the names there. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

const int16 = 3;
const int32 = 4;
const int64 = 5;
const text = 6;
const texts = 8;
const translated = 9;

/**
 * Reads a header as databases hold it (rpm "Package format", Header structure, without the magic): two counts, an index of
 * tag, type, offset and count, then the data; all big endian. `undefined` where it is damaged or has no name or version.
 * Linear in the blob: every tag is read once, whatever the index repeats.
 * @param most how many values of a list are read
 */
export function parseRpmHeader(blob: Uint8Array, most: number): RpmHeader | undefined {
  if (blob.length < 8) return undefined;
  const view = new Bytes(blob);
  const count = view.u32(0);
  const data = 8 + 16 * count;
  if (data + view.u32(4) > blob.length) return undefined;
  const index = new Map<number, Entry>();
  for (let at = 8; at < data; at += 16) {
    const tag = view.u32(at);
    if (!wanted.has(tag) || index.has(tag)) continue;
    index.set(tag, { type: view.u32(at + 4), offset: view.u32(at + 8), count: view.u32(at + 12) });
  }
  const store = new Bytes(blob.subarray(data, data + view.u32(4)));
  const one = (tag: Tag): string | undefined => strings(store, index.get(tag), 1)[0] || undefined;
  const name = one(tags.name);
  const version = one(tags.version);
  if (name === undefined || version === undefined) return undefined;
  const [epoch] = integers(store, index.get(tags.epoch), 1);
  const [size] = [...integers(store, index.get(tags.longSize), 1), ...integers(store, index.get(tags.size), 1)];
  const arch = one(tags.arch);
  const sourceRpm = one(tags.sourceRpm);
  const vendor = one(tags.vendor);
  const license = one(tags.license);
  const modularity = one(tags.modularityLabel);
  return {
    name,
    version,
    release: one(tags.release) ?? "",
    ...(epoch !== undefined && { epoch }),
    ...(arch !== undefined && { arch }),
    ...(sourceRpm !== undefined && { sourceRpm }),
    ...(vendor !== undefined && { vendor }),
    ...(license !== undefined && { license }),
    ...(modularity !== undefined && { modularity }),
    ...(size !== undefined && { size }),
    provides: strings(store, index.get(tags.provideName), most),
    requires: strings(store, index.get(tags.requireName), most),
    files: filesOf(store, index, most),
  };
}

/** Files are written as directory and base name; by the oldest packages as whole names. */
function filesOf(store: Bytes, index: ReadonlyMap<number, Entry>, most: number): Map<string, string[]> {
  const files = new Map<string, string[]>();
  const modes = integers(store, index.get(tags.fileModes), most);
  const add = (file: number, directory: string | undefined, name: string): void => {
    const isDirectory = ((modes[file] ?? 0) & 0o170000) === 0o040000;
    if (isDirectory || name === "" || !directory?.startsWith("/")) return;
    const names = files.get(directory);
    if (names) names.push(name);
    else files.set(directory, [name]);
  };
  const directories = strings(store, index.get(tags.dirNames), most);
  const directoryOf = integers(store, index.get(tags.dirIndexes), most);
  const names = strings(store, index.get(tags.baseNames), most);
  names.forEach((name, file) => add(file, directories[directoryOf[file] ?? -1], name));
  if (names.length > 0) return files;
  strings(store, index.get(tags.oldFileNames), most).forEach((path, file) => {
    const slash = path.lastIndexOf("/") + 1;
    add(file, path.slice(0, slash), path.slice(slash));
  });
  return files;
}

function strings(store: Bytes, entry: Entry | undefined, most: number): string[] {
  if (!entry || (entry.type !== text && entry.type !== texts && entry.type !== translated)) return [];
  const found: string[] = [];
  const decoder = new TextDecoder();
  const count = entry.type === text ? 1 : Math.min(entry.count, most);
  for (let at = entry.offset; found.length < count && at < store.length; ) {
    const end = store.find(0, at);
    found.push(decoder.decode(store.slice(at, end)));
    at = end + 1;
  }
  return found;
}

function integers(store: Bytes, entry: Entry | undefined, most: number): number[] {
  const width = entry?.type === int16 ? 2 : entry?.type === int32 ? 4 : entry?.type === int64 ? 8 : 0;
  if (!entry || width === 0) return [];
  const fits = Math.floor((store.length - entry.offset) / width);
  const count = Math.min(entry.count, most, Math.max(fits, 0));
  return Array.from({ length: count }, (_, position) => {
    const at = entry.offset + position * width;
    if (width === 2) return store.u16(at);
    return width === 4 ? store.u32(at) : store.u32(at) * 2 ** 32 + store.u32(at + 4);
  });
}
