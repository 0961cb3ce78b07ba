import { mkdir, mkdtemp, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { splitName } from "../sources/split-name.ts";
import { padding, tarEnd, tarHeader } from "../tar-write.ts";
import { layoutFiles } from "./layout-files.ts";
import type { ImageTarget, OutputImage } from "./target.ts";
import { unwritable } from "./unwritable.ts";

/** One file that is both an OCI layout and what `docker load` reads. What was there is replaced when the new one is whole. */
export const archive: ImageTarget = {
  scheme: "archive",
  summary: "a tar file of an OCI layout that `docker load` takes too; FILE#NAME to give the image a name in it",
  async stage(target, image) {
    const { path, name } = splitName(target, () => false);
    const place = resolve(path);
    await mkdir(dirname(place), { recursive: true }).catch(unwritable(path));
    const directory = await mkdtemp(join(dirname(place), `.${basename(place)}.plimsoll-`)).catch(unwritable(path));
    const file = join(directory, "image.tar");
    const discard = (): Promise<void> => rm(directory, { recursive: true, force: true });
    try {
      const handle = await open(file, "wx", 0o644).catch(unwritable(path));
      try {
        for await (const part of archiveOf(image, name)) await handle.writeFile(part).catch(unwritable(path));
      } finally {
        await handle.close();
      }
    } catch (error) {
      await discard();
      throw error;
    }
    return {
      reopen: `archive:${file}`,
      commit: async () => {
        await rename(file, place).catch(unwritable(path));
        return `archive:${target}`;
      },
      discard,
    };
  },
};

async function* archiveOf(image: OutputImage, name: string | undefined): AsyncGenerator<Uint8Array> {
  const made = new Set<string>();
  const common = { uid: 0, gid: 0, mtime: 0 } as const;
  for (const file of layoutFiles(image, name)) {
    for (let slash = file.name.indexOf("/"); slash >= 0; slash = file.name.indexOf("/", slash + 1)) {
      const directory = file.name.slice(0, slash + 1);
      if (!made.has(directory)) yield tarHeader({ ...common, name: directory, flag: "5", mode: 0o755, size: 0 });
      made.add(directory);
    }
    yield tarHeader({ ...common, name: file.name, flag: "0", mode: 0o644, size: file.size });
    yield* file.read();
    yield padding(file.size);
  }
  yield tarEnd;
}
