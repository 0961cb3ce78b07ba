import {
  type Encoding,
  type Layer,
  type LayerScan,
  type PackedLayer,
  packPieces,
  packWhole,
  type Piece,
  type SourceJob,
  storedLayer,
  unpackLayer,
} from "../image/index.ts";

type Unpacked = Awaited<ReturnType<typeof unpackLayer>>;

/** Packs layers, each once: what is asked for again (after another plan) is there already. Temporary files until `close`. */
export class LayerPacker {
  readonly #layers: readonly Layer[];
  readonly #scans: readonly LayerScan[];
  readonly #job: SourceJob;
  readonly #unpacked = new Map<number, Unpacked>();
  readonly #stored = new Map<number, PackedLayer>();
  readonly #packed = new Map<string, PackedLayer>();

  constructor(layers: readonly Layer[], scans: readonly LayerScan[], job: SourceJob) {
    this.#layers = layers;
    this.#scans = scans;
    this.#job = job;
  }

  /** Bytes of input layers as stored. */
  storedBytes(layers: readonly number[]): number {
    return layers.reduce((sum, index) => sum + (this.#scans[index]?.storedBytes ?? 0), 0);
  }

  /** A layer put together from pieces. */
  async pieces(pieces: readonly Piece[], encoding: Encoding): Promise<PackedLayer> {
    const key = JSON.stringify([encoding, pieces]);
    const there = this.#packed.get(key);
    if (there) return there;
    const packed = await packPieces(pieces, async (index) => (await this.#unpack(index)).access(), encoding, this.#job);
    this.#packed.set(key, packed);
    return packed;
  }

  /** An input layer with the tar it has; packed in another way where that is asked for and makes it smaller. */
  async asItIs(index: number, encoding: Encoding | undefined): Promise<PackedLayer> {
    const { signal } = this.#job;
    if (encoding) {
      const key = `${encoding} ${index}`;
      const packed =
        this.#packed.get(key) ?? (await packWhole((await this.#unpack(index)).access(), encoding, this.#job));
      this.#packed.set(key, packed);
      if (packed.size < this.storedBytes([index])) return packed;
    }
    const there = this.#stored.get(index) ?? (await storedLayer(this.#layerAt(index), signal));
    this.#stored.set(index, there);
    return there;
  }

  /** Whether a layer is an input layer byte for byte. */
  isStored(packed: PackedLayer, index: number | undefined): boolean {
    return index !== undefined && this.#stored.get(index) === packed;
  }

  close(): void {
    for (const spool of this.#unpacked.values()) spool.close();
    for (const packed of [...this.#stored.values(), ...this.#packed.values()]) packed.close();
  }

  async #unpack(index: number): Promise<Unpacked> {
    const there = this.#unpacked.get(index);
    if (there) return there;
    const spool = await unpackLayer(this.#layerAt(index), this.#job.limits, this.#job.signal);
    this.#unpacked.set(index, spool);
    return spool;
  }

  #layerAt(index: number): Layer {
    const layer = this.#layers[index];
    if (!layer) throw new Error(`there is no layer ${index}`);
    return layer;
  }
}
