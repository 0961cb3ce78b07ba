import { PlimsollError } from "../../core/index.ts";
import type { ImageSource, SourceJob } from "../source.ts";
import { splitName } from "./split-name.ts";
import { openSpooledTar, openTarImage } from "./spooled-tar.ts";
import { isFile, packingOf, unpack } from "./unpack.ts";

/** An image in one file: what `docker save`, old or new, and `skopeo copy … oci-archive:` write, packed or not. */
export const archive: ImageSource = {
  scheme: "archive",
  summary: "a tar file of docker save or of an OCI layout; FILE#NAME where it holds several images",
  misses(target) {
    const { path } = splitName(target, isFile);
    return Promise.resolve(isFile(path) ? tarMissing(path) : "no file of that name");
  },
  async open(target, choice, job) {
    const { limits } = job;
    const { path, name } = splitName(target, isFile);
    if (!isFile(path))
      throw new PlimsollError("image.not-found", `${path} is not a file`, {
        hint: "make it with `docker save -o FILE IMAGE`",
      });
    const wanted = name === undefined ? choice : { ...choice, name };
    const packing = readPacking(path);
    if (packing === "gzip" || packing === "zstd") {
      const unpacked = told(unpack(path, limits), path, job);
      return openSpooledTar(unpacked, target, wanted, limits);
    }
    return openTarImage(path, target, wanted, limits);
  },
};

function tarMissing(path: string): string | undefined {
  try {
    return packingOf(path) ? undefined : "the file is no tar";
  } catch {
    return "the file cannot be read";
  }
}

function readPacking(path: string): ReturnType<typeof packingOf> {
  try {
    return packingOf(path);
  } catch (error) {
    throw new PlimsollError("image.not-found", `${path} cannot be read`, {
      hint: "look at its permissions",
      cause: error,
    });
  }
}

async function* told(
  parts: AsyncIterable<Uint8Array>,
  path: string,
  { progress, signal }: SourceJob,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const part of parts) {
    signal?.throwIfAborted();
    bytes += part.length;
    progress?.(`unpacking ${path}`, bytes);
    yield part;
  }
}
