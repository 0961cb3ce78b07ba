import { createHash } from "node:crypto";
import { pack } from "tar-stream";
import { defaultLimits, type Keeper, mergeLayers, scanLayer } from "../../src/image/index.ts";
import type { CatalogView } from "../../src/packages/index.ts";

/** A layer: paths and their bytes; `undefined` takes a path of the layers below away. */
export type LayerFiles = ReadonlyMap<string, Uint8Array | undefined>;

/** Layers as tars, read and laid over each other as those of an image are, for keepers to read what was kept for them. */
export async function layeredView(layers: readonly LayerFiles[], keepers: readonly Keeper[]): Promise<CatalogView> {
  const scans = await Promise.all(
    layers.map(async (files) => {
      const tar = await tarOf(files);
      const diffId = `sha256:${createHash("sha256").update(tar).digest("hex")}` as const;
      const layer = {
        mediaType: "application/vnd.oci.image.layer.v1.tar",
        diffId,
        read: async function* () {
          yield await Promise.resolve(tar);
        },
      };
      return scanLayer(layer, defaultLimits, keepers);
    }),
  );
  const { tree } = mergeLayers(scans);
  const kept = scans.map((scan) => new Map(scan.kept.map(({ keeper, path, bytes }) => [`${keeper} ${path}`, bytes])));
  const live = new Map(
    [...tree.all()].flatMap((file) => (file.entry.type === "file" ? [[file.path, file] as const] : [])),
  );
  return {
    paths: [...live.keys()],
    stat: (path) => live.get(path)?.entry,
    open: () => undefined,
    kept: (keeper, path) => {
      const file = live.get(path);
      return file && kept[file.layer]?.get(`${keeper} ${file.entry.path}`);
    },
  };
}

async function tarOf(files: LayerFiles): Promise<Buffer> {
  const tar = pack();
  const chunks: Buffer[] = [];
  const read = (async () => {
    for await (const chunk of tar) chunks.push(chunk as Buffer);
  })();
  for (const [path, bytes] of files) {
    const slash = path.lastIndexOf("/") + 1;
    if (bytes) tar.entry({ name: path, mode: 0o644 }, Buffer.from(bytes));
    else tar.entry({ name: `${path.slice(0, slash)}.wh.${path.slice(slash)}` }, "");
  }
  tar.finalize();
  await read;
  return Buffer.concat(chunks);
}
