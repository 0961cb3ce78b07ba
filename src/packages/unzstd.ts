import { Decompress } from "fzstd";

const frameMagic = 0xfd2fb528;
const largestWindow = 1 << 27;

/**
 * Unpacks a zstd file (RFC 8878) of at most `limit` bytes. `undefined` where it is damaged, larger, or asks for a window of
 * more than 128 MiB. The frames are walked before anything is unpacked, so that the decoder never sees half a block.
 */
export function unzstd(packed: Uint8Array, limit: number): Uint8Array | undefined {
  try {
    if (!isSound(packed)) return undefined;
    const pieces: Uint8Array[] = [];
    let size = 0;
    const stream = new Decompress((piece) => {
      size += piece.length;
      if (size > limit) throw new RangeError("larger than the limit");
      pieces.push(piece.slice());
    });
    stream.push(packed, true);
    const all = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  } catch {
    return undefined;
  }
}

/** Whether whole frames follow one another to the end (RFC 8878, section 3.1). Reading past the end throws `RangeError`. */
function isSound(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const magic = view.getUint32(at, true);
    at += 4;
    if ((magic & 0xfffffff0) >>> 0 === 0x184d2a50) {
      at += 4 + view.getUint32(at, true);
      continue;
    }
    if (magic !== frameMagic) return false;
    const descriptor = view.getUint8(at++);
    const single = (descriptor & 0x20) !== 0;
    if (!single && windowSize(view.getUint8(at++)) > largestWindow) return false;
    at += [0, 1, 2, 4][descriptor & 3] ?? 0;
    const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
    // A single segment is its own window; sizes of four and eight bytes are refused past the same limit.
    if (single && sizeBytes >= 4 && view.getUint32(at, true) > largestWindow) return false;
    if (single && sizeBytes === 8 && view.getUint32(at + 4, true) !== 0) return false;
    at += sizeBytes;
    for (let last = false; !last; ) {
      const block = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
      const kind = (block >> 1) & 3;
      if (kind === 3) return false;
      last = (block & 1) !== 0;
      at += 3 + (kind === 1 ? 1 : block >> 3);
    }
    if ((descriptor & 4) !== 0) at += 4;
  }
  return at === bytes.length;
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
