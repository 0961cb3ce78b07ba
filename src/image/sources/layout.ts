import { lstatSync } from "node:fs";
import { join } from "node:path";
import { PlimsollError } from "../../core/index.ts";
import { type BlobStore, openStore } from "../layout.ts";
import type { ImageSource } from "../source.ts";
import { splitName } from "./split-name.ts";
import { readPath } from "./read-range.ts";
import { isFile } from "./unpack.ts";

/** An OCI image layout directory (OCI image specification, "Image Layout"), or an unpacked `docker save`. */
export const layout: ImageSource = {
  scheme: "layout",
  summary: "an OCI layout directory; DIRECTORY#NAME where it holds several images",
  misses: (target) =>
    Promise.resolve(isLayout(splitName(target, isLayout).path) ? undefined : "no directory with an index.json"),
  async open(target, choice, { limits }) {
    const { path, name } = splitName(target, isLayout);
    if (!isLayout(path))
      throw new PlimsollError("image.not-found", `${path} is no OCI layout: it has no index.json`, {
        hint: "make one with `skopeo copy docker://IMAGE oci:DIRECTORY`",
      });
    return openStore(directoryStore(path, target), name === undefined ? choice : { ...choice, name }, limits);
  },
};

function isLayout(path: string): boolean {
  return isFile(join(path, "index.json")) || isFile(join(path, "manifest.json"));
}

function directoryStore(root: string, reference: string): BlobStore {
  return {
    reference,
    find: (name) => {
      // Names come out of the layout's own documents: they may not lead out of it, nor through a link.
      if (!/^[\w.-]+(?:\/[\w.-]+){0,3}$/.test(name) || name.split("/").includes(".."))
        return Promise.resolve(undefined);
      const path = join(root, name);
      let size: number;
      try {
        const status = lstatSync(path);
        if (!status.isFile()) return Promise.resolve(undefined);
        ({ size } = status);
      } catch {
        return Promise.resolve(undefined);
      }
      return Promise.resolve({ size, read: () => readPath(path, size) });
    },
    close: () => Promise.resolve(),
  };
}
