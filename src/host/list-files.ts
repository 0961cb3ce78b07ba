import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * The regular files below a directory, by their paths relative to it with forward slashes, sorted by code unit. Symbolic links
 * are not followed; no more than `most` are listed and none deeper than `depth` directories.
 */
export function listFiles(root: string, limits: { readonly most: number; readonly depth: number }): readonly string[] {
  const found: string[] = [];
  const visit = (directory: string, prefix: string, depth: number): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (found.length >= limits.most) return;
      if (entry.isFile()) found.push(prefix + entry.name);
      else if (entry.isDirectory() && depth < limits.depth)
        visit(join(directory, entry.name), `${prefix}${entry.name}/`, depth + 1);
    }
  };
  visit(root, "", 0);
  return found.sort();
}
