import type { RandomAccess } from "../../core/index.ts";
import { type Bytes, bytesAt } from "./bytes.ts";

/** How an ELF file is laid out (System V ABI, generic and gABI update of 2013). Sizes and offsets are in bytes. */
export interface ElfLayout {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  /** `e_type`: 1 relocatable, 2 executable, 3 shared object or position-independent executable, 4 core. */
  readonly type: number;
  /** `e_machine`: 3 i386, 40 arm, 62 x86-64, 183 aarch64, 243 riscv, … */
  readonly machine: number;
  readonly sections: readonly ElfSection[];
  readonly segments: readonly ElfSegment[];
}

/** What an ELF file says of itself. */
export interface Elf extends ElfLayout {
  /** The program that loads it; absent where it is static or a library. */
  readonly interpreter?: string;
  /** Libraries it is loaded with, in the order written. */
  readonly needed: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  /** GNU build id, hexadecimal. */
  readonly buildId?: string;
  /** What `strip` would remove: `.symtab` with its strings, and debugging sections as stored. */
  readonly symbolBytes: number;
  readonly debugBytes: number;
}

export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  /** Of the contents; sections without contents in the file (`SHT_NOBITS`) have one too. */
  readonly size: number;
  readonly link: number;
}

export interface ElfSegment {
  readonly type: number;
  /** 1 executable, 2 writable, 4 readable. */
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
}

const mostSections = 70_000;
const mostSegments = 4096;
const mostNeeded = 4096;
const largestTable = 16 << 20;
const [load, dynamic, interp, note] = [1, 2, 3, 4];

/** Reads headers, dynamic section and notes; undefined when the file is no ELF. A damaged one tells less, and never throws. */
export function readElf(file: RandomAccess): Elf | undefined {
  const layout = readElfLayout(file);
  if (!layout) return undefined;
  const { sections, segments, bits, littleEndian } = layout;
  const interpreter = segments.find((one) => one.type === interp);
  const loader =
    interpreter && bytesAt(file, interpreter.offset, Math.min(interpreter.fileSize, 4096), true).text(0, 4096);
  const buildId = readBuildId(file, segments, sections, littleEndian);
  const strings = sections.find((one) => one.type === 2)?.link ?? 0;
  return {
    ...layout,
    ...(loader ? { interpreter: loader } : {}),
    ...readDynamic(file, segments, bits, littleEndian),
    ...(buildId ? { buildId } : {}),
    symbolBytes: sum(sections.filter((one, index) => one.type === 2 || (strings > 0 && index === strings))),
    debugBytes: sum(
      sections.filter((one) => one.type !== 8 && /^\.(?:z?debug_|gdb_index|gnu_debuglink$)/.test(one.name)),
    ),
  };
}

/** Its headers alone: all that is needed to find a section, or what lies at an address. */
export function readElfLayout(file: RandomAccess): ElfLayout | undefined {
  const ident = readIdent(file);
  if (!ident) return undefined;
  const { bits, littleEndian, header } = ident;
  const segments = readSegments(file, header, bits, littleEndian);
  const sections = readSections(file, ident);
  return { bits, littleEndian, type: header.u16(16), machine: header.u16(18), sections, segments };
}

/** Where in the file the byte lies that is loaded at `address`; undefined when no segment loads it from the file. */
export function elfOffset(segments: readonly ElfSegment[], address: number): number | undefined {
  const segment = segments.find(
    (one) => one.type === load && address >= one.address && address < one.address + one.fileSize,
  );
  return segment && segment.offset + (address - segment.address);
}

function readSegments(file: RandomAccess, header: Bytes, bits: 32 | 64, little: boolean): ElfSegment[] {
  const offset = bits === 64 ? header.u64(32) : header.u32(28);
  const size = bits === 64 ? header.u16(54) : header.u16(42);
  const count = bits === 64 ? header.u16(56) : header.u16(44);
  if (size < (bits === 64 ? 56 : 32) || size > 1024 || count > mostSegments) return [];
  const table = bytesAt(file, offset, size * count, little);
  return Array.from({ length: Math.min(count, Math.floor(table.length / size)) }, (_, index) => {
    const at = index * size;
    return bits === 64
      ? {
          type: table.u32(at),
          flags: table.u32(at + 4),
          offset: table.u64(at + 8),
          address: table.u64(at + 16),
          fileSize: table.u64(at + 32),
          memorySize: table.u64(at + 40),
        }
      : {
          type: table.u32(at),
          flags: table.u32(at + 24),
          offset: table.u32(at + 4),
          address: table.u32(at + 8),
          fileSize: table.u32(at + 16),
          memorySize: table.u32(at + 20),
        };
  });
}

/**
 * The names of an ELF file's sections, one behind the other: to see whether one is there without reading them all. Undefined when
 * it has none, or is no ELF.
 */
export function elfSectionNames(file: RandomAccess): Buffer | undefined {
  const ident = readIdent(file);
  const table = ident && readSectionTable(file, ident);
  return table?.names.length ? table.names.buffer : undefined;
}

interface Ident {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  readonly header: Bytes;
}

function readIdent(file: RandomAccess): Ident | undefined {
  const ident = bytesAt(file, 0, 64, true);
  if (ident.u32(0) !== 0x464c457f) return undefined;
  const [kind, order] = [ident.u8(4), ident.u8(5)];
  if ((kind !== 1 && kind !== 2) || (order !== 1 && order !== 2)) return undefined;
  const littleEndian = order === 1;
  return { bits: kind === 2 ? 64 : 32, littleEndian, header: littleEndian ? ident : bytesAt(file, 0, 64, false) };
}

interface SectionTable {
  readonly headers: Bytes;
  /** Bytes of one header. */
  readonly size: number;
  readonly count: number;
  readonly names: Bytes;
}

function readSectionTable(file: RandomAccess, { bits, littleEndian, header }: Ident): SectionTable | undefined {
  const wide = bits === 64;
  const offset = wide ? header.u64(40) : header.u32(32);
  const size = wide ? header.u16(58) : header.u16(46);
  if (offset === 0 || size < (wide ? 64 : 40) || size > 1024) return undefined;
  const first = bytesAt(file, offset, size, littleEndian);
  // A file with more sections than 16 bits count keeps the numbers in its first section header.
  const said = (wide ? header.u16(60) : header.u16(48)) || (wide ? first.u64(32) : first.u32(20));
  const written = wide ? header.u16(62) : header.u16(50);
  const namesIndex = written === 0xffff ? first.u32(wide ? 40 : 24) : written;
  if (said > mostSections) return undefined;
  const headers = bytesAt(file, offset, size * said, littleEndian);
  const count = Math.min(said, Math.floor(headers.length / size));
  const holder = namesIndex < count ? namesIndex * size : undefined;
  const at = holder === undefined ? 0 : wide ? headers.u64(holder + 24) : headers.u32(holder + 16);
  const length = holder === undefined ? 0 : wide ? headers.u64(holder + 32) : headers.u32(holder + 20);
  return { headers, size, count, names: bytesAt(file, at, Math.min(length, largestTable), littleEndian) };
}

function readSections(file: RandomAccess, ident: Ident): ElfSection[] {
  const read = readSectionTable(file, ident);
  if (!read) return [];
  const { headers: table, size, count, names } = read;
  const wide = ident.bits === 64;
  return Array.from({ length: count }, (_, index): ElfSection => {
    const at = index * size;
    const name = names.text(table.u32(at), 256);
    return wide
      ? {
          name,
          type: table.u32(at + 4),
          flags: table.u64(at + 8),
          address: table.u64(at + 16),
          offset: table.u64(at + 24),
          size: table.u64(at + 32),
          link: table.u32(at + 40),
        }
      : {
          name,
          type: table.u32(at + 4),
          flags: table.u32(at + 8),
          address: table.u32(at + 12),
          offset: table.u32(at + 16),
          size: table.u32(at + 20),
          link: table.u32(at + 24),
        };
  });
}

function readDynamic(
  file: RandomAccess,
  segments: readonly ElfSegment[],
  bits: 32 | 64,
  little: boolean,
): Pick<Elf, "needed" | "soname" | "rpath" | "runpath"> {
  const segment = segments.find((one) => one.type === dynamic);
  if (!segment) return { needed: [] };
  const wide = bits === 64;
  const step = wide ? 16 : 8;
  const table = bytesAt(file, segment.offset, Math.min(segment.fileSize, 1 << 20), little);
  const needed: number[] = [];
  const one = new Map<number, number>();
  for (let at = 0; at + step <= table.length; at += step) {
    const tag = wide ? table.u64(at) : table.u32(at);
    if (tag === 0) break;
    const value = wide ? table.u64(at + 8) : table.u32(at + 4);
    if (tag === 1) {
      if (needed.length < mostNeeded) needed.push(value);
    } else one.set(tag, value);
  }
  const address = one.get(5);
  const offset = address === undefined ? undefined : elfOffset(segments, address);
  if (offset === undefined) return { needed: [] };
  const strings = bytesAt(file, offset, Math.min(one.get(10) ?? 0, largestTable), little);
  const text = (tag: number): string | undefined => {
    const at = one.get(tag);
    return at === undefined ? undefined : strings.text(at, 4096);
  };
  const [soname, rpath, runpath] = [text(14), text(15), text(29)];
  return {
    needed: needed.map((at) => strings.text(at, 4096)).filter((name) => name !== ""),
    ...(soname ? { soname } : {}),
    ...(rpath ? { rpath } : {}),
    ...(runpath ? { runpath } : {}),
  };
}

/** The note of type NT_GNU_BUILD_ID, from a note segment or, where there are no segments, from its section. */
function readBuildId(
  file: RandomAccess,
  segments: readonly ElfSegment[],
  sections: readonly ElfSection[],
  little: boolean,
): string | undefined {
  const places = [
    ...segments.filter((one) => one.type === note).map((one) => ({ offset: one.offset, size: one.fileSize })),
    ...sections.filter((one) => one.name === ".note.gnu.build-id"),
  ];
  for (const { offset, size } of places.slice(0, 16)) {
    const notes = bytesAt(file, offset, Math.min(size, 1 << 16), little);
    for (let at = 0; at + 12 <= notes.length; ) {
      const [nameSize, size, type] = [notes.u32(at), notes.u32(at + 4), notes.u32(at + 8)];
      const start = at + 12 + 4 * Math.ceil(nameSize / 4);
      if (
        type === 3 &&
        nameSize === 4 &&
        notes.text(at + 12, 4) === "GNU" &&
        size > 0 &&
        size <= 64 &&
        start + size <= notes.length
      )
        return notes.buffer.toString("hex", start, start + size);
      at = start + 4 * Math.ceil(size / 4);
    }
  }
  return undefined;
}

function sum(sections: readonly ElfSection[]): number {
  return sections.reduce((total, one) => total + one.size, 0);
}
