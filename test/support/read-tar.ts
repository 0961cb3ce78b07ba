import { gunzipSync } from "node:zlib";

/** The regular files of a small tar.gz by path; for tests, which trust what they read. */
export function readTarGz(bytes: Uint8Array): ReadonlyMap<string, Buffer> {
  const tar = gunzipSync(bytes);
  const files = new Map<string, Buffer>();
  for (let at = 0; at + 512 <= tar.length; ) {
    const text = (from: number, length: number): string =>
      tar.toString("latin1", at + from, at + from + length).replace(/\0.*$/s, "");
    const name = text(0, 100);
    if (name === "") break;
    const size = Number.parseInt(text(124, 12), 8) || 0;
    if (text(156, 1) === "0" || text(156, 1) === "")
      files.set(name.replace(/^\.\//, ""), tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
