import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** What stands at a path; symbolic links are followed. */
export function kindOf(path: string): "file" | "directory" | "missing" {
  try {
    return statSync(path).isDirectory() ? "directory" : "file";
  } catch {
    return "missing";
  }
}

export function pathExists(path: string): boolean {
  return existsSync(path);
}

/** A path as reports name it: relative to `root` when it is below, with forward slashes. */
export function displayPath(root: string, path: string): string {
  const shown = relative(root, resolve(root, path));
  return (shown === "" ? "." : shown.startsWith(`..${sep}..${sep}..`) ? resolve(root, path) : shown)
    .split(sep)
    .join("/");
}

/** The first of `names` in a directory or, going up, in one of its parents, no further than a directory that holds `.git`. */
export function findUpwards(directory: string, names: readonly string[]): string | undefined {
  for (let current = resolve(directory); ; current = dirname(current)) {
    const found = names.map((name) => join(current, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (existsSync(join(current, ".git")) || dirname(current) === current) return undefined;
  }
}
