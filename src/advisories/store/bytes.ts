import { PlimsollError } from "../../core/index.ts";

/** Grows as it is written to. Numbers are unsigned LEB128, texts UTF-8 behind their length. */
export interface ByteWriter {
  byte(value: number): void;
  number(value: number): void;
  text(value: string): void;
  bytes(value: Uint8Array): void;
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
  const number = (value: number): void => {
    reserve(8);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) buffer[used++] = (rest % 0x80) | 0x80;
    buffer[used++] = rest;
  };
  return {
    byte(value) {
      reserve(1);
      buffer[used++] = value;
    },
    number,
    text(value) {
      const length = Buffer.byteLength(value);
      number(length);
      reserve(length);
      buffer.write(value, used, length, "utf8");
      used += length;
    },
    bytes(value) {
      reserve(value.length);
      buffer.set(value, used);
      used += value.length;
    },
    take() {
      const taken = buffer.subarray(0, used);
      used = 0;
      return taken;
    },
  };
}

/** Reads what a ByteWriter wrote. Every step is checked: a damaged or hostile record ends in `store.damaged`. */
export interface ByteReader {
  /** Goes on with other bytes; returns itself. */
  over(bytes: Uint8Array): ByteReader;
  readonly rest: number;
  byte(): number;
  number(): number;
  /** A count of things that take at least one byte each. */
  count(): number;
  text(): string;
  bytes(length: number): Buffer;
}

export function createByteReader(bytes: Uint8Array): ByteReader {
  let buffer = bufferOf(bytes);
  let end = buffer.length;
  let at = 0;
  const byte = (): number => {
    if (at >= end) throw damaged("a record ends too early");
    return buffer[at++] ?? 0;
  };
  const number = (): number => {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 0x80) {
      const next = byte();
      value += (next & 0x7f) * scale;
      if (next < 0x80) return value;
    }
    throw damaged("a number in a record is too large");
  };
  const count = (): number => {
    const value = number();
    if (value > end - at) throw damaged("a record says it holds more than it does");
    return value;
  };
  const reader: ByteReader = {
    over(others) {
      buffer = bufferOf(others);
      end = buffer.length;
      at = 0;
      return reader;
    },
    get rest() {
      return end - at;
    },
    byte,
    number,
    count,
    text() {
      const length = count();
      const text = buffer.toString("utf8", at, at + length);
      at += length;
      return text;
    },
    bytes(length) {
      if (length > end - at) throw damaged("a record ends too early");
      const part = buffer.subarray(at, at + length);
      at += length;
      return part;
    },
  };
  return reader;
}

/** The same bytes as a Buffer; nothing is copied. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The store cannot be trusted; the message says what was found. */
export function damaged(what: string): PlimsollError {
  return new PlimsollError("store.damaged", `the advisory store is damaged: ${what}`, {
    hint: "make it anew: plimsoll db update",
  });
}
