import { damaged } from "./damaged.ts";

/** Grows as it is written to. Lengths are unsigned LEB128, texts UTF-8 behind theirs. */
export interface ByteWriter {
  text(value: string): void;
  /** Without a length: the last of what is taken. */
  remainder(value: string): void;
  /** What was written since the last `take`; valid until the next write. */
  take(): Buffer;
}

export function createByteWriter(capacity: number = 1 << 16): ByteWriter {
  let buffer = Buffer.allocUnsafe(capacity);
  let used = 0;
  const reserve = (more: number): void => {
    if (used + more <= buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(buffer.length * 2, used + more));
    buffer.copy(grown, 0, 0, used);
    buffer = grown;
  };
  const remainder = (value: string): void => {
    const length = Buffer.byteLength(value);
    reserve(length);
    buffer.write(value, used, length, "utf8");
    used += length;
  };
  return {
    text(value) {
      reserve(8);
      let rest = Buffer.byteLength(value);
      for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) buffer[used++] = (rest % 0x80) | 0x80;
      buffer[used++] = rest;
      remainder(value);
    },
    remainder,
    take() {
      const taken = buffer.subarray(0, used);
      used = 0;
      return taken;
    },
  };
}

/** Reads what a ByteWriter wrote. Every step is checked: damaged or hostile bytes end in `store.damaged`. */
export interface ByteReader {
  readonly rest: number;
  text(): string;
  remainder(): string;
}

export function createByteReader(bytes: Uint8Array): ByteReader {
  const buffer = bufferOf(bytes);
  const end = buffer.length;
  let at = 0;
  const length = (): number => {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 0x80) {
      if (at >= end) throw damaged("a record ends too early");
      const next = buffer[at++] ?? 0;
      value += (next & 0x7f) * scale;
      if (next < 0x80) return value;
    }
    throw damaged("a number in a record is too large");
  };
  const textTo = (to: number): string => {
    const from = at;
    at = to;
    // Without naming the encoding: Node would look its name up each time, and UTF-8 is what is meant.
    return buffer.toString(undefined, from, to);
  };
  return {
    get rest() {
      return end - at;
    },
    text() {
      const size = length();
      if (size > end - at) throw damaged("a record ends too early");
      return textTo(at + size);
    },
    remainder: () => textTo(end),
  };
}

/** The same bytes as a Buffer; nothing is copied. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
