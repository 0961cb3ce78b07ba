import { createHash } from "node:crypto";
import { type Digest, type Gap, PlimsollError } from "../core/index.ts";
import { algorithmOf, mismatch } from "./digest.ts";
import type { FileEntry } from "./entry.ts";
import type { Layer } from "./image.ts";
import { inflate } from "./inflate.ts";
import { layerGaps } from "./layer-gaps.ts";
import type { Kept, Keeper } from "./keeper.ts";
import type { Limits } from "./limits.ts";
import { Spool } from "./spool.ts";
import { type BodySink, TarParser } from "./tar.ts";
import { KeptFiles } from "./wanted.ts";

/** All that one pass over a layer learns. */
export interface LayerScan {
  readonly diffId: Digest;
  /** In the order of the tar. */
  readonly entries: readonly FileEntry[];
  /** Bytes of the tar, and of the layer as stored. */
  readonly tarBytes: number;
  readonly storedBytes: number;
  /** What the keepers kept, in the order of the tar. */
  readonly kept: readonly Kept[];
  readonly gaps: readonly Gap[];
  /** Ids of the keepers that were asked. */
  readonly keepers: readonly string[];
  /** Whether every file has the digest of its contents. */
  readonly digested: boolean;
  /** The same for the same entries with the same digests; only scans that a cache keeps have one. */
  readonly stamp?: string;
}

/**
 * Reads a layer once: unpacks it, verifies the digest of what is stored and of the tar, lists its entries with the digest
 * of their contents and their share of the stored bytes, and hands each wanted file to its keepers. Throws `image.invalid`, `image.limit`, `image.digest-mismatch`.
 */
export async function scanLayer(
  layer: Layer,
  limits: Limits,
  keepers: readonly Keeper[] = [],
  signal?: AbortSignal,
): Promise<LayerScan> {
  const entries: FileEntry[] = [];
  const { gaps, gap } = layerGaps(layer);
  const offsets = new OffsetMap();
  const files = new KeptFiles(keepers, limits, gap);
  const passing = new PassingFile(files);
  const parser = new TarParser(
    {
      open: (entry) => passing.open(entry.path, entry.size, entry.mode),
      entry: (entry) => {
        passing.finish();
        entry.storedBytes = offsets.share(entry.raw[0], entry.raw[1]);
        entries.push(entry);
      },
      gap,
    },
    limits,
  );
  const tar = createHash(algorithmOf(layer.diffId));
  // An uncompressed layer's two digests are one: it is hashed once.
  const sameBytes = layer.digest === layer.diffId;
  const blob = layer.digest && !sameBytes ? createHash(algorithmOf(layer.digest)) : undefined;
  let tarBytes = 0;
  let storedBytes = 0;
  const stored = layer.read();
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const bytes of stored) {
      signal?.throwIfAborted();
      blob?.update(bytes);
      storedBytes += bytes.length;
      yield bytes;
    }
  }
  try {
    for await (const { bytes, stored: taken } of inflate(hashed())) {
      tarBytes += bytes.length;
      if (tarBytes > limits.layerBytes) throw bomb(`a layer unpacks to more than ${limits.layerBytes} bytes`);
      if (tarBytes > limits.freeBytes && tarBytes > limits.inflateRatio * taken)
        throw bomb(`a layer unpacks to more than ${limits.inflateRatio} times its size`);
      tar.update(bytes);
      offsets.add(tarBytes, taken);
      parser.push(bytes);
    }
    parser.end();
  } finally {
    passing.close();
  }
  const diffId = `${algorithmOf(layer.diffId)}:${tar.digest("hex")}`;
  if (diffId !== layer.diffId) throw mismatch("an unpacked layer", layer.diffId, diffId);
  if (blob && layer.digest) {
    const digest = `${algorithmOf(layer.digest)}:${blob.digest("hex")}`;
    if (digest !== layer.digest) throw mismatch("a layer", layer.digest, digest);
  }
  return {
    diffId: layer.diffId,
    entries,
    tarBytes,
    storedBytes,
    kept: files.kept,
    keepers: keepers.map(({ id }) => id),
    gaps,
    digested: true,
  };
}

function bomb(message: string): PlimsollError {
  return new PlimsollError("image.limit", message, { hint: "this is not what an honest image looks like" });
}

/** The largest file that is held in memory while it passes: nearly every program and library is smaller. */
const passingMemory = 32 << 20;

/** Gathers the contents of the file that is passing, for those who want it. */
class PassingFile {
  readonly #files: KeptFiles;
  readonly #spool = new Spool(passingMemory);
  readonly #sink: BodySink = (part) => this.#spool.write(part);
  #now: { readonly path: string; readonly wanting: readonly Keeper[] } | undefined;

  constructor(files: KeptFiles) {
    this.#files = files;
  }

  open(path: string, size: number, mode: number): BodySink | undefined {
    const wanting = this.#files.wanting(path, size, mode);
    if (wanting.length === 0) return undefined;
    this.#spool.start(size);
    this.#now = { path, wanting };
    return this.#sink;
  }

  finish(): void {
    const now = this.#now;
    if (!now) return;
    this.#now = undefined;
    this.#files.keep(now.path, now.wanting, this.#spool.access());
  }

  close(): void {
    this.#spool.close();
    this.#now = undefined;
  }
}

/**
 * Where in the stored bytes each byte of the tar lies, by straight lines between the points where a piece came out. Only
 * the pieces since the entry now open are kept.
 */
class OffsetMap {
  readonly #tar: number[] = [0];
  readonly #stored: number[] = [0];
  #from = 0;

  /** Up to byte `to` of the tar has come out of the first `stored` bytes. */
  add(to: number, stored: number): void {
    this.#tar.push(to);
    this.#stored.push(Math.max(stored, this.#stored.at(-1) ?? 0));
  }

  share(start: number, end: number): number {
    const first = this.#at(start);
    // A thousandth of a byte is enough, and is what a scan that was kept says too.
    const share = Math.round((this.#at(end) - first) * 1000) / 1000;
    if (this.#from > 1024) {
      this.#tar.splice(0, this.#from - 1);
      this.#stored.splice(0, this.#from - 1);
      this.#from = 1;
    }
    return share;
  }

  #at(offset: number): number {
    while (this.#from + 1 < this.#tar.length && (this.#tar[this.#from] ?? 0) < offset) this.#from++;
    const high = this.#tar[this.#from] ?? 0;
    const low = this.#tar[this.#from - 1] ?? 0;
    const to = this.#stored[this.#from] ?? 0;
    if (offset >= high || this.#from === 0) return to;
    const from = this.#stored[this.#from - 1] ?? 0;
    return from + ((offset - low) / (high - low)) * (to - from);
  }
}
