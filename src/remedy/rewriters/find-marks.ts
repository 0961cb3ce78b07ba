import type { FileEntry, FileTree, LiveFile } from "../../image/index.ts";
import { markEntry, parentOf } from "./rewriter.ts";

/**
 * What a layer over the base needs to hide so that only `live` is to be seen: a whiteout for the topmost of each path that is
 * gone, or one opaque mark for a directory below which nothing of the base is left. Sorted by path.
 * @param live what is to be seen, `isNew` saying what of it the new layer brings
 */
export function findMarks(
  base: FileTree,
  live: readonly LiveFile[],
  isNew: (file: LiveFile) => boolean,
): readonly FileEntry[] {
  const types = new Map(live.map(({ path, entry }) => [path, entry.type]));
  const occupied = new Set<string>([""]);
  /** Directories that something of the base is still in. */
  const surviving = new Set<string>([""]);
  const made = new Set<string>();
  for (const file of live) {
    climb(file.path, occupied);
    if (!isNew(file)) climb(file.path, surviving);
    else if (file.entry.type === "directory") made.add(file.path);
  }
  const gone = new Set<string>();
  for (const { path } of base.all()) {
    if (occupied.has(path)) continue;
    let top = path;
    for (let parent = parentOf(top); !occupied.has(parent); parent = parentOf(top)) top = parent;
    const type = types.get(parentOf(top));
    // What is no directory any more has hidden all that was in it.
    if (type === undefined || type === "directory") gone.add(top);
  }
  return [...groupByOpaque(gone, made, surviving)].sort(byPath);
}

function* groupByOpaque(
  gone: ReadonlySet<string>,
  made: ReadonlySet<string>,
  surviving: ReadonlySet<string>,
): Iterable<FileEntry> {
  const below = new Map<string, string[]>();
  for (const path of gone) {
    let opaque: string | undefined;
    for (let at = parentOf(path); !surviving.has(at); at = parentOf(at)) if (made.has(at)) opaque = at;
    if (opaque === undefined) yield markEntry(path, "whiteout");
    else below.set(opaque, [...(below.get(opaque) ?? []), path]);
  }
  for (const [directory, paths] of below) {
    if (paths.length > 1) yield markEntry(directory, "opaque");
    else for (const path of paths) yield markEntry(path, "whiteout");
  }
}

/** Adds a path and all directories it is in. */
function climb(path: string, to: Set<string>): void {
  for (let at = path; !to.has(at); at = parentOf(at)) to.add(at);
}

function byPath(a: FileEntry, b: FileEntry): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
