/** A stretch of a file, read as numbers and pieces. Reading past the end throws `RangeError`: the caller stops there. */
export class Bytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#bytes.length;
  }

  u8(at: number): number {
    return this.#view.getUint8(at);
  }

  u16(at: number, little = false): number {
    return this.#view.getUint16(at, little);
  }

  u32(at: number, little = false): number {
    return this.#view.getUint32(at, little);
  }

  slice(start: number, end: number): Uint8Array {
    if (start < 0 || end < start || end > this.#bytes.length) throw new RangeError("past the end");
    return this.#bytes.subarray(start, end);
  }

  /** Where the next byte of this value is, or the end. */
  find(value: number, from: number): number {
    const at = this.#bytes.indexOf(value, from);
    return at < 0 ? this.#bytes.length : at;
  }
}

/** Pieces as one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first) return first;
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
