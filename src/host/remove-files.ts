import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Removes a file, or whatever is at a path; absent ones are no error. */
export function removePath(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Removes what interrupted work left in a directory: everything in it whose name begins with `prefix`. */
export function removeLeftovers(directory: string, prefix: string): void {
  let names: string[] = [];
  try {
    names = readdirSync(directory);
  } catch {
    // Nothing is there, so nothing was left.
  }
  for (const name of names) if (name.startsWith(prefix)) removePath(join(directory, name));
}
