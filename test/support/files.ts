import type { RandomAccess } from "../../src/core/index.ts";
import type { CatalogerExample, CatalogView } from "../../src/packages/index.ts";

/** Bytes as a file. */
export function fileOf(bytes: Uint8Array): RandomAccess {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** The bytes of a text, or of what is written as base64. */
export function bytesOf(content: CatalogerExample["files"][string]): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : Buffer.from(content.base64, "base64");
}

/** Files by their paths as a directory that catalogers read. */
export function directoryOf(files: ReadonlyMap<string, Uint8Array>): CatalogView {
  return {
    paths: [...files.keys()].sort(),
    stat: (path) => {
      const bytes = files.get(path);
      return bytes && { size: bytes.length, mode: 0o644 };
    },
    open: (path) => {
      const bytes = files.get(path);
      return bytes && fileOf(bytes);
    },
  };
}
