import { chmod, mkdir, mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { PlimsollError } from "../../core/index.ts";
import { splitName } from "../sources/split-name.ts";
import { layoutFiles } from "./layout-files.ts";
import type { ImageTarget, OutputImage } from "./target.ts";
import { unwritable } from "./unwritable.ts";

/** A directory in OCI layout. It is made beside its place and then renamed, so that a half one is never seen. */
export const oci: ImageTarget = {
  scheme: "oci",
  summary: "a new OCI layout directory; DIRECTORY#NAME to give the image a name in it",
  async stage(target, image) {
    const { path, name } = splitName(target, () => false);
    const place = resolve(path);
    await mustBeFree(path, place);
    const parent = dirname(place);
    await mkdir(parent, { recursive: true }).catch(unwritable(path));
    const directory = await mkdtemp(join(parent, `.${basename(place)}.plimsoll-`)).catch(unwritable(path));
    const discard = (): Promise<void> => rm(directory, { recursive: true, force: true });
    try {
      await writeLayout(directory, image, name);
    } catch (error) {
      await discard();
      throw error;
    }
    return {
      reopen: `layout:${directory}`,
      commit: async () => {
        // An empty directory may be there: rename replaces it.
        await chmod(directory, 0o755);
        await rename(directory, place).catch(unwritable(path));
        return `layout:${target}`;
      },
      discard,
    };
  },
};

async function mustBeFree(path: string, place: string): Promise<void> {
  const inside = await readdir(place).catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOENT" ? [] : unwritable(path)(error),
  );
  if (inside.length > 0)
    throw new PlimsollError("output.unwritable", `${path} is there already, and not empty`, {
      hint: "name a directory that does not exist yet",
    });
}

/** Writes the layout into an empty directory. Throws `output.unwritable`. */
export async function writeLayout(directory: string, image: OutputImage, name: string | undefined): Promise<void> {
  const made = new Set<string>();
  for (const file of layoutFiles(image, name)) {
    const path = join(directory, file.name);
    const parent = dirname(path);
    if (!made.has(parent)) await mkdir(parent, { recursive: true }).catch(unwritable(path));
    made.add(parent);
    const handle = await open(path, "wx", 0o644).catch(unwritable(path));
    try {
      for await (const part of file.read()) await handle.writeFile(part).catch(unwritable(path));
    } finally {
      await handle.close();
    }
  }
}
