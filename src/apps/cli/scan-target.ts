import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * The directory of sources that a target of `scan` is: `dir:PATH`, or a directory that is neither an OCI layout nor the root of a
 * system. Undefined for everything else, which is an image.
 */
export function sourceDirectory(target: string): string | undefined {
  if (target.startsWith("dir:")) return target.slice("dir:".length) || ".";
  if (!isDirectory(target) || existsSync(join(target, "oci-layout"))) return undefined;
  const isRoot = isDirectory(join(target, "etc")) && ["usr", "bin"].some((name) => isDirectory(join(target, name)));
  return isRoot ? undefined : target;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
