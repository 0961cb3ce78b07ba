import { BackwardBits } from "./backward-bits.ts";
import {
  type PrefixTable,
  readPrefixTable,
  readStateTable,
  singleState,
  type StateTable,
  stateTable,
} from "./entropy.ts";

const largestBlock = 1 << 17;

/** The codes of a kind of number: where each starts, how many bits follow; and the table in force where none is given. */
interface Kind {
  readonly bases: readonly number[];
  readonly extra: readonly number[];
  readonly log: number;
  readonly usual: StateTable;
}

/** What the blocks of one frame hand on to the next. */
interface FrameState {
  prefixes: PrefixTable | undefined;
  tables: [literals: StateTable | undefined, offsets: StateTable | undefined, matches: StateTable | undefined];
  offsets: [number, number, number];
}

/** RFC 8878, section 3.1.1.3.2.1.1 for the codes, 3.1.1.3.2.2 for the usual tables. */
const literalKind = kindOf(
  0,
  [...times(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  9,
  stateTable([4, 3, ...times(11, 2), 1, 1, 1, ...times(9, 2), 3, 2, ...times(5, 1), ...times(4, -1)], 6),
);
const matchKind = kindOf(
  3,
  [...times(32, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  9,
  stateTable([1, 4, 3, ...times(6, 2), ...times(37, 1), ...times(7, -1)], 6),
);
const offsetKind: Kind = {
  bases: Array.from({ length: 32 }, (_, code) => 2 ** code),
  extra: Array.from({ length: 32 }, (_, code) => code),
  log: 8,
  usual: stateTable([...times(6, 1), 2, 2, 2, ...times(15, 1), ...times(5, -1)], 5),
};

/**
 * Unpacks a zstd file (RFC 8878) without a dictionary. `undefined` where it is damaged or would be larger than `limit` bytes.
 * Written for hostile files: linear in what goes in and what comes out, where libraries that are at hand do not end. Checksums
 * are not looked at.
 */
export function unzstd(packed: Uint8Array, limit: number): Uint8Array | undefined {
  const out = new Output(limit);
  try {
    let at = 0;
    while (at < packed.length) at = readFrame(packed, at, out);
    return out.bytes();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

class Output {
  length = 0;
  readonly #limit: number;
  #bytes: Uint8Array = new Uint8Array(1 << 16);

  constructor(limit: number) {
    this.#limit = limit;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  append(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  fill(byte: number, count: number): void {
    this.#room(count);
    this.#bytes.fill(byte, this.length, this.length + count);
    this.length += count;
  }

  /** Once more what came out `offset` bytes ago; what is copied may overlap itself. */
  repeat(offset: number, count: number): void {
    this.#room(count);
    for (let end = this.length + count; this.length < end; this.length++)
      this.#bytes[this.length] = this.#bytes[this.length - offset] ?? 0;
  }

  #room(count: number): void {
    const needed = this.length + count;
    if (needed > this.#limit) throw new RangeError("larger than the limit");
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, Math.min(this.#bytes.length * 2, this.#limit)));
    larger.set(this.bytes());
    this.#bytes = larger;
  }
}

/** Section 3.1.1, or a skippable frame (3.1.2). */
function readFrame(bytes: Uint8Array, start: number, out: Output): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(start, true);
  let at = start + 4;
  if (magic >>> 4 === 0x184d2a5) return within(bytes, at + 4 + view.getUint32(at, true));
  if (magic !== 0xfd2fb528) throw new RangeError("no frame");
  const descriptor = view.getUint8(at);
  const single = (descriptor & 0x20) !== 0;
  if ((descriptor & 0x0b) !== 0) throw new RangeError("a dictionary, or a frame of the future");
  at += 1 + (single ? 0 : 1) + ([single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0);
  const state: FrameState = { prefixes: undefined, tables: [undefined, undefined, undefined], offsets: [1, 4, 8] };
  const from = out.length;
  for (let last = false; !last; ) {
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    const size = header >> 3;
    const kind = (header >> 1) & 3;
    last = (header & 1) !== 0;
    at += 3;
    if (size > largestBlock || kind === 3) throw new RangeError("no block");
    const end = within(bytes, at + (kind === 1 ? 1 : size));
    if (kind === 0) out.append(bytes.subarray(at, end));
    else if (kind === 1) out.fill(bytes[at] ?? 0, size);
    else readBlock(bytes, at, end, state, out, from);
    at = end;
  }
  return within(bytes, at + ((descriptor & 4) !== 0 ? 4 : 0));
}

/** A compressed block (section 3.1.1.3): literals, then sequences of literals to take and earlier bytes to repeat. */
function readBlock(bytes: Uint8Array, start: number, end: number, state: FrameState, out: Output, frame: number): void {
  const { literals, next } = readLiterals(bytes, start, end, state);
  let at = next;
  const first = bytes[at] ?? 0;
  let count = first;
  if (first >= 128)
    count =
      first < 255
        ? ((first - 128) << 8) | (bytes[at + 1] ?? 0)
        : 0x7f00 + (bytes[at + 1] ?? 0) + ((bytes[at + 2] ?? 0) << 8);
  at = within(bytes, at + (first < 128 ? 1 : first < 255 ? 2 : 3), end);
  if (count === 0) return out.append(literals);
  const modes = bytes[at++] ?? 0;
  [literalKind, offsetKind, matchKind].forEach((kind, index) => {
    const mode = (modes >> (6 - 2 * index)) & 3;
    if (mode === 0) state.tables[index] = kind.usual;
    else if (mode === 1) state.tables[index] = singleState(bytes[at++] ?? 0);
    else if (mode === 2) {
      const read = readStateTable(bytes, at, end, { log: kind.log, symbols: kind.bases.length });
      state.tables[index] = read.table;
      at = read.next;
    }
  });
  const [literalTable, offsetTable, matchTable] = state.tables;
  if (!literalTable || !offsetTable || !matchTable) throw new RangeError("a table that was never given");
  const stream = new BackwardBits(bytes, at, end);
  let literalState = stream.read(literalTable.log);
  let offsetState = stream.read(offsetTable.log);
  let matchState = stream.read(matchTable.log);
  const most = out.length + largestBlock;
  let taken = 0;
  for (let sequence = 1; sequence <= count; sequence++) {
    const offsetValue = number(offsetKind, offsetTable, offsetState, stream);
    const match = number(matchKind, matchTable, matchState, stream);
    const literal = number(literalKind, literalTable, literalState, stream);
    const offset = nextOffset(state, offsetValue, literal);
    if (taken + literal > literals.length || out.length + literal + match > most)
      throw new RangeError("more than there is");
    out.append(literals.subarray(taken, taken + literal));
    taken += literal;
    if (offset < 1 || offset > out.length - frame) throw new RangeError("before the frame");
    out.repeat(offset, match);
    if (sequence < count) {
      literalState = step(literalTable, literalState, stream);
      matchState = step(matchTable, matchState, stream);
      offsetState = step(offsetTable, offsetState, stream);
    }
    if (stream.left < 0) throw new RangeError("out of bits");
  }
  if (stream.left !== 0) throw new RangeError("bits left over");
  out.append(literals.subarray(taken));
}

function number(kind: Kind, table: StateTable, state: number, stream: BackwardBits): number {
  const code = table.symbols[state] ?? 0;
  const base = kind.bases[code];
  if (base === undefined) throw new RangeError("an unknown code");
  return base + stream.read(kind.extra[code] ?? 0);
}

function step(table: StateTable, state: number, stream: BackwardBits): number {
  return (table.bases[state] ?? 0) + stream.read(table.bits[state] ?? 0);
}

/** Values up to 3 stand for one of the last three offsets (section 3.1.1.5). */
function nextOffset(state: FrameState, value: number, literals: number): number {
  const [first, second, third] = state.offsets;
  if (value > 3) {
    state.offsets = [value - 3, first, second];
    return value - 3;
  }
  const which = value + (literals === 0 ? 1 : 0);
  if (which === 1) return first;
  if (which === 2) state.offsets = [second, first, third];
  else state.offsets = [which === 3 ? third : first - 1, first, second];
  return state.offsets[0];
}

/** Section 3.1.1.3.1. */
function readLiterals(
  bytes: Uint8Array,
  start: number,
  end: number,
  state: FrameState,
): { literals: Uint8Array; next: number } {
  const byte = (index: number): number => bytes[start + index] ?? 0;
  const kind = byte(0) & 3;
  const format = (byte(0) >> 2) & 3;
  if (kind < 2) {
    const width = format === 1 ? 2 : format === 3 ? 3 : 1;
    const all = byte(0) | (byte(1) << 8) | (byte(2) << 16);
    const size = width === 1 ? byte(0) >> 3 : (width === 2 ? all & 0xffff : all) >> 4;
    const from = start + width;
    const next = within(bytes, from + (kind === 0 ? size : 1), end);
    if (size > largestBlock) throw new RangeError("too many literals");
    return { literals: kind === 0 ? bytes.subarray(from, next) : new Uint8Array(size).fill(bytes[from] ?? 0), next };
  }
  const bits = format < 2 ? 10 : format === 2 ? 14 : 18;
  const from = start + (format < 2 ? 3 : format === 2 ? 4 : 5);
  // Forty bits at most: past what shifts can do.
  const all = Math.floor((byte(0) + byte(1) * 2 ** 8 + byte(2) * 2 ** 16 + byte(3) * 2 ** 24 + byte(4) * 2 ** 32) / 16);
  const size = all % 2 ** bits;
  const next = within(bytes, from + (Math.floor(all / 2 ** bits) % 2 ** bits), end);
  if (size > largestBlock) throw new RangeError("too many literals");
  let at = from;
  if (kind === 2) {
    const read = readPrefixTable(bytes, from, next);
    state.prefixes = read.table;
    at = read.next;
  }
  if (!state.prefixes) throw new RangeError("a tree that was never given");
  const literals = new Uint8Array(size);
  if (format === 0) readPrefixed(state.prefixes, bytes, at, next, literals);
  else {
    const jump = (index: number): number => (bytes[at + index] ?? 0) | ((bytes[at + index + 1] ?? 0) << 8);
    const quarter = (size + 3) >> 2;
    const ends = [at + 6 + jump(0), at + 6 + jump(0) + jump(2), at + 6 + jump(0) + jump(2) + jump(4), next];
    ends.reduce((from, to, index) => {
      const part = literals.subarray(
        Math.min(index * quarter, size),
        index === 3 ? size : Math.min((index + 1) * quarter, size),
      );
      readPrefixed(state.prefixes, bytes, from, within(bytes, to, next), part);
      return to;
    }, at + 6);
  }
  return { literals, next };
}

function readPrefixed(
  table: PrefixTable | undefined,
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
): void {
  if (!table) return;
  const stream = new BackwardBits(bytes, start, end);
  for (let index = 0; index < into.length; index++) {
    const code = stream.peek(table.log);
    into[index] = table.symbols[code] ?? 0;
    stream.left -= table.bits[code] ?? 0;
  }
  if (stream.left !== 0) throw new RangeError("bits left over");
}

/** A place, if it is not past the end. */
function within(bytes: Uint8Array, at: number, end = bytes.length): number {
  if (at > end) throw new RangeError("past the end");
  return at;
}

function times(count: number, value: number): number[] {
  return Array.from({ length: count }, () => value);
}

function kindOf(first: number, extra: readonly number[], log: number, usual: StateTable): Kind {
  let base = first;
  const bases = extra.map((bits) => {
    const own = base;
    base += 2 ** bits;
    return own;
  });
  return { bases, extra, log, usual };
}
