import type { Advisory, Affected, RangeEvent, VersionRange } from "../advisory.ts";
import { type ByteReader, type ByteWriter, createByteReader, createByteWriter, damaged } from "./bytes.ts";
import { readId, writeId } from "./id-code.ts";
import { readSeverity, writeSeverity } from "./severity-code.ts";

/** What an advisory says of one package, without the package's own names: those are the key it is kept under. */
export interface PackageAdvisory {
  readonly head: Omit<Advisory, "affected">;
  readonly affected: readonly Omit<Affected, "ecosystem" | "name">[];
}

/** Most lists are empty; they share this one. */
const empty: readonly never[] = Object.freeze([]);

const states = [
  undefined,
  "affected",
  "will-not-fix",
  "fix-deferred",
  "end-of-life",
  "under-investigation",
  "not-affected",
] as const;

/** Bits of the byte that says which parts follow. */
const has = {
  upstream: 1,
  aliases: 2,
  severities: 4,
  summary: 8,
  url: 16,
  published: 32,
  modified: 64,
  withdrawn: 128,
};

export function writeAdvisory(writer: ByteWriter, { head, affected }: PackageAdvisory): void {
  writeId(writer, head.id);
  const parts =
    (head.upstream.length > 0 ? has.upstream : 0) |
    (head.aliases.length > 0 ? has.aliases : 0) |
    (head.severities.length > 0 ? has.severities : 0) |
    (head.summary === undefined ? 0 : has.summary) |
    (head.url === undefined ? 0 : has.url) |
    (head.published === undefined ? 0 : has.published) |
    (head.modified === undefined ? 0 : has.modified) |
    (head.withdrawn === undefined ? 0 : has.withdrawn);
  writer.byte(parts);
  if (parts & has.upstream) writeList(writer, head.upstream, writeId);
  if (parts & has.aliases) writeList(writer, head.aliases, writeId);
  if (parts & has.severities) writeList(writer, head.severities, writeSeverity);
  if (head.summary !== undefined) writer.text(head.summary);
  if (head.url !== undefined) writer.text(head.url);
  for (const date of [head.published, head.modified, head.withdrawn]) if (date !== undefined) writeDate(writer, date);
  writeList(writer, affected, writeAffected);
}

export function readAdvisory(reader: ByteReader, ecosystem: string, name: string): Advisory {
  const id = readId(reader);
  const parts = reader.byte();
  const upstream = parts & has.upstream ? readList(reader, readId) : [];
  const aliases = parts & has.aliases ? readList(reader, readId) : [];
  const severities = parts & has.severities ? readList(reader, readSeverity) : [];
  const advisory: { -readonly [K in keyof Advisory]: Advisory[K] } = {
    id,
    aliases,
    upstream,
    severities,
    affected: [],
  };
  if (parts & has.summary) advisory.summary = reader.text();
  if (parts & has.url) advisory.url = reader.text();
  if (parts & has.published) advisory.published = readDate(reader);
  if (parts & has.modified) advisory.modified = readDate(reader);
  if (parts & has.withdrawn) advisory.withdrawn = readDate(reader);
  advisory.affected = readList(reader, () => readAffected(reader, ecosystem, name));
  return advisory;
}

function writeAffected(writer: ByteWriter, affected: PackageAdvisory["affected"][number]): void {
  const { severities = [], goos = [], arches = [] } = affected;
  const more = severities.length + goos.length + arches.length > 0;
  writer.byte(states.indexOf(affected.state) | (more ? 16 : 0));
  writeList(writer, affected.ranges, (_, { events }) => writeList(writer, events, writeEvent));
  writeSorted(writer, affected.versions);
  if (!more) return;
  writeList(writer, severities, writeSeverity);
  writeList(writer, goos, (_, text) => writer.text(text));
  writeList(writer, arches, (_, text) => writer.text(text));
}

function readAffected(reader: ByteReader, ecosystem: string, name: string): Affected {
  const flags = reader.byte();
  if ((flags & 15) >= states.length) throw damaged("a state is unknown");
  const state = states[flags & 15];
  const ranges = readList(reader, (): VersionRange => ({ events: readList(reader, readEvent) }));
  const listed = reader.number();
  const affected: { -readonly [K in keyof Affected]: Affected[K] } =
    listed === 0
      ? { ecosystem, name, ranges, versions: empty }
      : withVersions(ecosystem, name, ranges, reader.bytes(listed));
  if (state !== undefined) affected.state = state;
  if (flags & 16) {
    const severities = readList(reader, readSeverity);
    const goos = readList(reader, () => reader.text());
    const arches = readList(reader, () => reader.text());
    if (severities.length > 0) affected.severities = severities;
    if (goos.length > 0) affected.goos = goos;
    if (arches.length > 0) affected.arches = arches;
  }
  return affected;
}

/** Lists of versions are long, and asked for only where no range holds: they are read when they are. */
function withVersions(ecosystem: string, name: string, ranges: readonly VersionRange[], listed: Uint8Array): Affected {
  let versions: readonly string[] | undefined;
  return {
    ecosystem,
    name,
    ranges,
    get versions() {
      versions ??= readSorted(createByteReader(listed));
      return versions;
    },
  };
}

/** 0 stands for "introduced 0", which nearly every range begins with. */
function writeEvent(writer: ByteWriter, event: RangeEvent): void {
  if ("introduced" in event) {
    if (event.introduced === "0") return writer.byte(0);
    writer.byte(1);
    return writer.text(event.introduced);
  }
  if ("fixed" in event) {
    writer.byte(2);
    return writer.text(event.fixed);
  }
  if ("lastAffected" in event) {
    writer.byte(3);
    return writer.text(event.lastAffected);
  }
  writer.byte(4);
  writer.text(event.limit);
}

function readEvent(reader: ByteReader): RangeEvent {
  switch (reader.byte()) {
    case 0:
      return { introduced: "0" };
    case 1:
      return { introduced: reader.text() };
    case 2:
      return { fixed: reader.text() };
    case 3:
      return { lastAffected: reader.text() };
    case 4:
      return { limit: reader.text() };
    default:
      throw damaged("a range event is of an unknown kind");
  }
}

/** Sorted texts, each by what it shares with the one before: lists of versions shrink to a quarter. */
function writeSorted(writer: ByteWriter, texts: readonly string[]): void {
  if (texts.length === 0) return writer.number(0);
  const sorted = [...texts].sort();
  const list = createByteWriter(1 << 10);
  list.number(sorted.length);
  let before = "";
  for (const text of sorted) {
    let shared = 0;
    const most = Math.min(before.length, text.length);
    while (shared < most && before.charCodeAt(shared) === text.charCodeAt(shared)) shared++;
    if (isSurrogateHigh(text.charCodeAt(shared - 1))) shared--;
    list.number(shared);
    list.text(text.slice(shared));
    before = text;
  }
  const bytes = list.take();
  writer.number(bytes.length);
  writer.bytes(bytes);
}

function readSorted(reader: ByteReader): readonly string[] {
  if (reader.rest === 0) return [];
  let before = "";
  return readList(reader, () => {
    const shared = reader.number();
    if (shared > before.length) throw damaged("a list of versions does not hold together");
    before = before.slice(0, shared) + reader.text();
    if (before.length > 4096) throw damaged("a version is too long");
    return before;
  });
}

function isSurrogateHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function writeDate(writer: ByteWriter, date: string): void {
  const days = Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
  writer.number(Math.min(maximumDays, Math.max(0, days)));
}

/** To the year 2300, so that what is remembered of dates stays small whatever a store holds. */
const maximumDays = 120_500;
const dates = new Map<number, string>();

function readDate(reader: ByteReader): string {
  const days = reader.number();
  if (days > maximumDays) throw damaged("a date lies too far ahead");
  const known = dates.get(days);
  if (known !== undefined) return known;
  const date = new Date(days * 86_400_000).toISOString().slice(0, 10);
  dates.set(days, date);
  return date;
}

export function writeList<T>(
  writer: ByteWriter,
  items: readonly T[],
  write: (writer: ByteWriter, item: T) => void,
): void {
  writer.number(items.length);
  for (const item of items) write(writer, item);
}

export function readList<T>(reader: ByteReader, read: (reader: ByteReader) => T): readonly T[] {
  const count = reader.count();
  if (count === 0) return empty;
  const items: T[] = [];
  for (let left = count; left > 0; left--) items.push(read(reader));
  return items;
}
