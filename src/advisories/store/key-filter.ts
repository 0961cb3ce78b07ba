import type { KeyHash } from "./layout.ts";

/*
 * A Bloom filter over the packages that a store knows: most of what an image holds has no advisories, and is answered from here
 * without another read. It never denies a key that is there.
 */
const bitsPerKey = 10;
const probes = 6;

export function makeFilter(keys: readonly KeyHash[]): Buffer {
  // An odd number of bytes, so that the steps of different keys part ways.
  const filter = Buffer.alloc(Math.ceil((keys.length * bitsPerKey) / 8) | 1);
  const bits = filter.length * 8;
  for (const { high, low } of keys)
    for (let probe = 0; probe < probes; probe++) {
      const at = (low + probe * high) % bits;
      filter[at >> 3] = (filter[at >> 3] ?? 0) | (1 << (at & 7));
    }
  return filter;
}

/** False: the key is certainly not there. */
export function mayHold(filter: Uint8Array, { high, low }: KeyHash): boolean {
  const bits = filter.length * 8;
  const step = high % bits;
  let at = low % bits;
  for (let probe = 0; probe < probes; probe++) {
    if (((filter[at >> 3] ?? 0) & (1 << (at & 7))) === 0) return false;
    at += step;
    if (at >= bits) at -= bits;
  }
  return true;
}
