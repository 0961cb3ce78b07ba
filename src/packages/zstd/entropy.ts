import { BackwardBits } from "./backward-bits.ts";

/** A table of finite states: what each stands for, and how many bits lead from which base to the next. */
export interface StateTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

/** A table of prefix codes, indexed by the next `log` bits. */
export interface PrefixTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
}

const highestBit = (value: number): number => 31 - Math.clz32(value);

/** Reads a table description (RFC 8878, section 4.1.1). Throws `RangeError` where it does not add up. */
export function readStateTable(
  bytes: Uint8Array,
  start: number,
  end: number,
  most: { readonly log: number; readonly symbols: number },
): { table: StateTable; next: number } {
  let bit = start * 8;
  const peek = (count: number): number => {
    const byte = bit >> 3;
    const word = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8) | ((bytes[byte + 2] ?? 0) << 16);
    return (word >> (bit & 7)) & ((1 << count) - 1);
  };
  const log = peek(4) + 5;
  bit += 4;
  const shares: number[] = [];
  let rest = 1 << log;
  if (log > most.log) throw new RangeError("a table of too many states");
  while (rest > 0) {
    const width = highestBit(rest + 1) + 1;
    const low = (1 << (width - 1)) - 1;
    const threshold = (1 << width) - 2 - rest;
    let value = peek(width);
    if ((value & low) < threshold) {
      value &= low;
      bit += width - 1;
    } else {
      if (value > low) value -= threshold;
      bit += width;
    }
    const share = value - 1;
    rest -= Math.abs(share);
    shares.push(share);
    for (let more = share === 0 ? 3 : 0; more === 3 && shares.length <= most.symbols; ) {
      more = peek(2);
      bit += 2;
      for (let zero = 0; zero < more; zero++) shares.push(0);
    }
    if (shares.length > most.symbols || bit > end * 8) throw new RangeError("a table without end");
  }
  if (rest !== 0) throw new RangeError("shares that do not add up");
  return { table: stateTable(shares, log), next: (bit + 7) >> 3 };
}

/** Lays out the states of symbols with these shares of 2^log; -1 is less than one (section 4.1.1). */
export function stateTable(shares: readonly number[], log: number): StateTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  let high = size - 1;
  shares.forEach((share, symbol) => {
    if (share === -1) symbols[high--] = symbol;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let place = 0;
  shares.forEach((share, symbol) => {
    for (let count = 0; count < share; count++) {
      symbols[place] = symbol;
      // Ends: the step is odd, so all places come by, and one with a share is at or below `high`.
      do place = (place + step) & (size - 1);
      while (place > high);
    }
  });
  const seen = shares.map((share) => Math.abs(share));
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state] ?? 0;
    const count = seen[symbol] ?? 0;
    seen[symbol] = count + 1;
    const width = log - highestBit(count);
    bits[state] = width;
    bases[state] = (count << width) - size;
  }
  return { log, symbols, bits, bases };
}

/** The table of one symbol that needs no bits. */
export function singleState(symbol: number): StateTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) };
}

/** Reads a Huffman tree description (section 4.2.1). Throws `RangeError` where it does not add up. */
export function readPrefixTable(bytes: Uint8Array, start: number, end: number): { table: PrefixTable; next: number } {
  const head = bytes[start] ?? 0;
  const from = start + 1;
  const next = from + (head < 128 ? head : (head - 126) >> 1);
  if (next > end) throw new RangeError("a tree past the end");
  const weights = head < 128 ? packedWeights(bytes, from, next) : plainWeights(bytes, from, head - 127);
  const sum = weights.reduce((sum, weight) => sum + (weight > 0 ? 1 << (weight - 1) : 0), 0);
  if (sum === 0 || weights.some((weight) => weight > 11)) throw new RangeError("weights of no tree");
  const log = highestBit(sum) + 1;
  const rest = (1 << log) - sum;
  if (log > 11 || (rest & (rest - 1)) !== 0) throw new RangeError("weights that do not add up");
  weights.push(highestBit(rest) + 1);
  const symbols = new Uint8Array(1 << log);
  const bits = new Uint8Array(1 << log);
  let place = 0;
  for (let weight = 1; weight <= log; weight++) {
    weights.forEach((own, symbol) => {
      if (own !== weight) return;
      const to = place + (1 << (weight - 1));
      symbols.fill(symbol, place, to);
      bits.fill(log + 1 - weight, place, to);
      place = to;
    });
  }
  return { table: { log, symbols, bits }, next };
}

function plainWeights(bytes: Uint8Array, start: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const pair = bytes[start + (index >> 1)] ?? 0;
    return index % 2 === 0 ? pair >> 4 : pair & 15;
  });
}

/** Weights by two states in turn, until the bits are used up (section 4.2.1.2). */
function packedWeights(bytes: Uint8Array, start: number, end: number): number[] {
  const { table, next } = readStateTable(bytes, start, end, { log: 6, symbols: 256 });
  const stream = new BackwardBits(bytes, next, end);
  const weights: number[] = [];
  const states: [number, number] = [stream.read(table.log), stream.read(table.log)];
  for (let turn: 0 | 1 = 0; weights.length < 255; turn = turn === 0 ? 1 : 0) {
    const state = states[turn];
    weights.push(table.symbols[state] ?? 0);
    const width = table.bits[state] ?? 0;
    if (width > stream.left) {
      weights.push(table.symbols[states[turn === 0 ? 1 : 0]] ?? 0);
      return weights;
    }
    states[turn] = (table.bases[state] ?? 0) + stream.read(width);
  }
  throw new RangeError("weights without end");
}
