import type { FileEntry, FileTree } from "../../image/index.ts";

/** How two trees differ at a path. */
export interface TreeDifference {
  readonly path: string;
  /** "missing", "added", "type", "mode", "owner", "mtime", "size", "contents", "link", "xattrs", "device", "names". */
  readonly what: string;
}

/** What may be different. */
export interface ExpectedChanges {
  /** Files that must be gone, with all their names. */
  readonly dropped: ReadonlySet<FileEntry>;
  /** Seconds since 1970: younger files may have this time instead of their own. */
  readonly epoch?: number;
}

/**
 * Every difference between what two images show to a container: paths, types, modes, owners, times, sizes, contents, links,
 * extended attributes, devices, and which names are one file. None but what is expected makes them the same; sorted by path.
 */
export function compareForProof(
  before: FileTree,
  after: FileTree,
  { dropped, epoch }: ExpectedChanges,
): readonly TreeDifference[] {
  const found: TreeDifference[] = [];
  const firstBefore = firstNames(before);
  const firstAfter = firstNames(after);
  const seen = new Set<string>();
  for (const { path, entry } of before.all()) {
    if (dropped.has(entry)) continue;
    seen.add(path);
    const other = after.get(path)?.entry;
    if (!other) found.push({ path, what: "missing" });
    else {
      for (const what of differencesOf(entry, other, epoch)) found.push({ path, what });
      if (firstBefore.get(entry) !== firstAfter.get(other)) found.push({ path, what: "names" });
    }
  }
  for (const { path } of after.all()) if (!seen.has(path)) found.push({ path, what: "added" });
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.what < b.what ? -1 : 1));
}

function* differencesOf(a: FileEntry, b: FileEntry, epoch: number | undefined): Iterable<string> {
  if (a.type !== b.type) yield "type";
  if (a.mode !== b.mode) yield "mode";
  if (a.uid !== b.uid || a.gid !== b.gid) yield "owner";
  if (a.mtime !== b.mtime && !(epoch !== undefined && a.mtime > epoch && b.mtime === epoch)) yield "mtime";
  if (a.size !== b.size) yield "size";
  // Contents that were not hashed are not known to be the same.
  if (a.type === "file" && (a.digest === undefined || a.digest !== b.digest)) yield "contents";
  if (a.link !== b.link) yield "link";
  if (String(a.device) !== String(b.device)) yield "device";
  if (!sameAttributes(a.xattrs, b.xattrs)) yield "xattrs";
}

function sameAttributes(a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>> = {}): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** By which name each file comes first: files are the same groups of names in two trees when these are the same. */
function firstNames(tree: FileTree): ReadonlyMap<FileEntry, string> {
  const first = new Map<FileEntry, string>();
  for (const { path, entry } of tree.all()) if (!first.has(entry)) first.set(entry, path);
  return first;
}
