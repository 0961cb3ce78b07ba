import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join, relative } from "node:path";
import type { FileView, RandomAccess } from "../../src/core/index.ts";
import { builtInCatalogers, type Cataloger, type Package, type TellUnreadable } from "../../src/packages/index.ts";

/** Files by path, with their permission bits, as catalogers are shown them. */
export interface HeldFile {
  readonly mode: number;
  readonly file: RandomAccess;
}

/** What a cataloger finds in some files, as an image's reader would ask it: wants, condense, catalog. */
export function catalogHeld(
  held: ReadonlyMap<string, HeldFile>,
  cataloger: Cataloger,
  unreadable: TellUnreadable = () => undefined,
): Package[] {
  const kept = new Map<string, RandomAccess>();
  for (const [path, { mode, file }] of held) {
    if (!cataloger.wants(path, { size: file.size, mode })) continue;
    const bytes = cataloger.condense ? cataloger.condense(path, file) : file.read(0, file.size);
    if (bytes) kept.set(path, bytesFile(bytes));
  }
  const view: FileView = { paths: [...kept.keys()].sort(), open: (path) => kept.get(path) };
  return [...cataloger.catalog(view, unreadable)];
}

/** The same for everything below a directory of this machine; symbolic links are left out, and nothing may be called damaged. */
export function catalogDirectory(root: string, cataloger: Cataloger): Package[] {
  const held = new Map<string, HeldFile>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) held.set(relative(root, path), { mode: lstatSync(path).mode, file: diskFile(path) });
  }
  return catalogHeld(held, cataloger, (path, reason) => {
    throw new Error(`${path} is said to be unreadable: ${reason}`);
  });
}

export function bytesFile(bytes: Uint8Array): RandomAccess {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** A file of this machine, read at random; opened for each read, so that thousands can be held. */
export function diskFile(path: string): RandomAccess {
  return {
    size: lstatSync(path).size,
    read(offset, length) {
      const descriptor = openSync(path, "r");
      try {
        const bytes = Buffer.alloc(Math.max(0, Math.min(length, fstatSync(descriptor).size - offset)));
        return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, offset));
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

export function purlsOf(packages: readonly Package[]): string[] {
  return [...new Set(packages.map(({ purl }) => purl))].sort();
}

/** A built-in cataloger by its id. */
export function cataloger(id: string): Cataloger {
  const found = builtInCatalogers.find((one) => one.id === id);
  if (!found) throw new Error(`there is no cataloger ${id}`);
  return found;
}

/** "name version" of each, once, sorted. */
export function namesAndVersions(packages: readonly Package[]): string[] {
  return [...new Set(packages.map(({ name, version }) => `${name} ${version}`))].sort();
}

/** Each once, by code unit. */
export function sorted(lines: Iterable<string>): string[] {
  return [...new Set(lines)].sort();
}

/** A cataloger that is shown one file alone. */
export function onlyFor(one: Cataloger, path: string): Cataloger {
  return { ...one, wants: (candidate, file) => candidate === path && one.wants(candidate, file) };
}
