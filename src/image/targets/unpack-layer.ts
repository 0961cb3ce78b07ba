import { createHash } from "node:crypto";
import { PlimsollError } from "../../core/index.ts";
import { algorithmOf, mismatch } from "../digest.ts";
import type { Layer } from "../image.ts";
import { inflate } from "../inflate.ts";
import type { Limits } from "../limits.ts";
import { Spool } from "../spool.ts";

/** A layer's tar, to be read at random; large ones are in a temporary file. Throws `image.invalid`, `image.limit`, `image.digest-mismatch`. */
export async function unpackLayer(layer: Layer, limits: Limits, signal?: AbortSignal): Promise<Spool> {
  const hash = createHash(algorithmOf(layer.diffId));
  const spool = new Spool();
  try {
    let length = 0;
    for await (const { bytes, stored } of inflate(layer.read())) {
      signal?.throwIfAborted();
      length += bytes.length;
      if (length > limits.layerBytes || (length > limits.freeBytes && length > limits.inflateRatio * stored))
        throw new PlimsollError("image.limit", "a layer unpacks to more than it should", {
          hint: "this is not what an honest image looks like",
        });
      hash.update(bytes);
      spool.write(bytes);
    }
    const diffId = `${algorithmOf(layer.diffId)}:${hash.digest("hex")}`;
    if (diffId !== layer.diffId) throw mismatch("an unpacked layer", layer.diffId, diffId);
    return spool;
  } catch (error) {
    spool.close();
    throw error;
  }
}
