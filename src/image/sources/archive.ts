import { openSync, closeSync, readSync, statSync } from "node:fs";
import { PlimsollError } from "../../core/index.ts";
import { openStore } from "../layout.ts";
import type { ImageSource } from "../source.ts";
import { openTarFile } from "./tar-file.ts";
import { splitName } from "./split-name.ts";

/** An image in one file: what `docker save`, old or new, and `skopeo copy … oci-archive:` write. */
export const archive: ImageSource = {
  scheme: "archive",
  summary: "a tar file of docker save or of an OCI layout; FILE#NAME where it holds several images",
  has: (target) => Promise.resolve(isFile(splitName(target, isFile).path)),
  async open(target, choice, { limits }) {
    const { path, name } = splitName(target, isFile);
    if (!isFile(path))
      throw new PlimsollError("image.not-found", `${path} is not a file`, {
        hint: "make it with `docker save -o FILE IMAGE`",
      });
    const packed = packing(path);
    if (packed)
      throw new PlimsollError("image.invalid", `${path} is compressed with ${packed}`, {
        hint: `unpack it first: ${packed === "gzip" ? "gunzip" : "unzstd"} ${path}`,
      });
    const store = await openTarFile(path, target);
    try {
      return await openStore(store, name === undefined ? choice : { ...choice, name }, limits);
    } catch (error) {
      await store.close();
      throw error;
    }
  },
};

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function packing(path: string): "gzip" | "zstd" | undefined {
  const head = Buffer.alloc(4);
  const file = openSync(path, "r");
  try {
    readSync(file, head, 0, 4, 0);
  } finally {
    closeSync(file);
  }
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  return head.readUInt32LE(0) === 0xfd2fb528 ? "zstd" : undefined;
}
