import { writeTemporary } from "../../host/index.ts";
import type { ImageBlobs } from "../image.ts";
import { type Choice, openStore } from "../layout.ts";
import type { Limits } from "../limits.ts";
import { openTarFile } from "./tar-file.ts";

/** Opens an image archive that comes as a stream: by way of a temporary file, for its index may stand at the end. */
export async function openSpooledTar(
  parts: AsyncIterable<Uint8Array>,
  reference: string,
  choice: Choice,
  limits: Limits,
): Promise<ImageBlobs> {
  const file = await writeTemporary(parts);
  try {
    const blobs = await openTarImage(file.path, reference, choice, limits);
    // Deleted while it is open, where that is possible, so that nothing can stay behind; else when it is closed.
    await file.remove().catch(() => {});
    return {
      ...blobs,
      close: async () => {
        await blobs.close();
        await file.remove();
      },
    };
  } catch (error) {
    await file.remove();
    throw error;
  }
}

/** Opens the image in an uncompressed archive. */
export async function openTarImage(
  path: string,
  reference: string,
  choice: Choice,
  limits: Limits,
): Promise<ImageBlobs> {
  const store = openTarFile(path, reference);
  try {
    return await openStore(store, choice, limits);
  } catch (error) {
    await store.close();
    throw error;
  }
}
