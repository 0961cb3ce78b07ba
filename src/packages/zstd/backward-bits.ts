/**
 * A bit stream that is read from its end (RFC 8878, section 4.1): the highest bit set in the last byte marks where it
 * starts. Bits before the first byte are zero; `left` is then negative, which callers check.
 */
export class BackwardBits {
  /** Bits that were not read yet. */
  left: number;
  readonly #bytes: Uint8Array;
  readonly #start: number;

  /** Throws `RangeError` where the stream has no mark. */
  constructor(bytes: Uint8Array, start: number, end: number) {
    const last = end > start ? (bytes[end - 1] ?? 0) : 0;
    if (last === 0) throw new RangeError("a bit stream without its mark");
    this.#bytes = bytes;
    this.#start = start;
    this.left = (end - start) * 8 - (Math.clz32(last) - 23);
  }

  /** The next `count` (at most 32) bits, not taken. */
  peek(count: number): number {
    if (count > 16) return this.#at(this.left - (count - 16), count - 16) * 65536 + this.#at(this.left - count, 16);
    return this.#at(this.left - count, count);
  }

  read(count: number): number {
    const value = this.peek(count);
    this.left -= count;
    return value;
  }

  /** At most 16 bits from a place on, low bit first. */
  #at(bit: number, count: number): number {
    const byte = bit >> 3;
    const word = this.#byte(byte) | (this.#byte(byte + 1) << 8) | (this.#byte(byte + 2) << 16);
    return (word >> (bit & 7)) & ((1 << count) - 1);
  }

  #byte(index: number): number {
    return index < 0 ? 0 : (this.#bytes[this.#start + index] ?? 0);
  }
}
