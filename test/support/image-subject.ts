import type { FileView } from "../../src/core/index.ts";
import type { ExaminedImage } from "../../src/engine/index.ts";
import { hiddenFiles, type Keeper } from "../../src/image/index.ts";
import type { Rule, Subjects } from "../../src/rules/index.ts";

const keeperId = "image-rules";

/** Keeps the small files that image rules read. */
export function rulesKeeper(rules: readonly Rule<"image">[]): Keeper {
  return {
    id: keeperId,
    wants: (path, { size }) => size <= 1 << 20 && rules.some((rule) => rule.wants?.(path)),
  };
}

/** What rules see of an image that was examined with `rulesKeeper`. */
export function subjectOfImage({ image, scans, merged, weight }: ExaminedImage): Subjects["image"] {
  const { reference, digest, platform, config } = image;
  const kept = scans.map((scan) => new Map(scan.kept.map((one) => [one.path, one.bytes])));
  const bytesAt = (path: string): Uint8Array | undefined => {
    const file = merged.tree.get(path);
    return file && kept[file.layer]?.get(file.entry.path);
  };
  const contents: FileView = {
    paths: [...merged.tree.all()].flatMap(({ path }) => (bytesAt(path) ? [path] : [])),
    open: (path) => {
      const bytes = bytesAt(path);
      return bytes && { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
    },
  };
  return {
    image: { reference, digest, platform, config, weight, packages: [], vulnerabilities: [] },
    files: merged.tree,
    contents,
    hidden: hiddenFiles(merged, scans, keeperId),
    symbols: new Map(),
  };
}
