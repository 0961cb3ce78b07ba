import type { Death, FileEntry, Piece } from "../../image/index.ts";
import { PresentPaths } from "./present-paths.ts";
import { markEntry, markPath, parentOf, type PlannedLayer, type Rewriter, type RewriteSubject } from "./rewriter.ts";

/**
 * Leaves out what no container sees, layer by layer: files that a later layer deletes, hides or writes again, and whiteouts
 * that hide nothing any more. Everything else of a layer's tar is copied as it stands.
 */
export const stripDead: Rewriter = {
  id: "strip-dead",
  summary: "leaves out the bytes that no container sees; the layers above the base stay what they are otherwise",
  onlySmaller: true,
  plan(subject) {
    const { scans, baseLayers, frozen } = subject;
    const inodes = inodesOf(subject);
    const deaths = new Map(subject.merged.deaths.map((death) => [death.entry, death]));
    const present = new PresentPaths();
    return scans.map(({ entries }, layer): PlannedLayer => {
      const stays = layer < baseLayers || frozen.has(layer) || !inodes;
      const kept = stays ? entries : strip(entries, layer, { subject, inodes, deaths, present });
      if (stays) lay(kept, present);
      return kept === entries
        ? { from: [layer], entries }
        : { from: [layer], entries: kept, pieces: piecesOf(entries, kept, layer) };
    });
  },
};

interface Facts {
  readonly subject: RewriteSubject;
  readonly inodes: ReadonlyMap<FileEntry, FileEntry>;
  readonly deaths: ReadonlyMap<FileEntry, Death>;
  readonly present: PresentPaths;
}

/** The file behind each hard link; undefined when one leads somewhere that only the merge could follow. */
function inodesOf({ scans }: RewriteSubject): ReadonlyMap<FileEntry, FileEntry> | undefined {
  const at = new Map<string, FileEntry>();
  const inodes = new Map<FileEntry, FileEntry>();
  for (const { entries } of scans)
    for (const entry of entries) {
      if (entry.type === "whiteout" || entry.type === "opaque") continue;
      const inode = entry.type === "hardlink" ? at.get(entry.link ?? "") : entry;
      if (!inode) return undefined;
      if (inode !== entry) inodes.set(entry, inode);
      at.set(entry.path, inode);
    }
  return inodes;
}

/** Lays a layer's entries over what is there; gives the whiteouts that hid something. */
function lay(entries: readonly FileEntry[], present: PresentPaths): void {
  for (const entry of entries) if (isMark(entry)) present.hide(entry);
  for (const entry of entries) if (!isMark(entry)) present.place(entry);
}

/** What is kept of a layer, in its order; the very list it was given when that is everything. */
function strip(
  entries: readonly FileEntry[],
  layer: number,
  { subject, inodes, deaths, present }: Facts,
): readonly FileEntry[] {
  const hiding = new Set(entries.filter((entry) => isMark(entry) && present.hide(entry)));
  const counts = new Map<string, number>();
  for (const { path } of entries) counts.set(path, (counts.get(path) ?? 0) + 1);
  const doomed = new Set<FileEntry>();
  const marks = new Map<FileEntry, FileEntry>();
  const spared = new Set<FileEntry>();
  for (const entry of entries) {
    if (isMark(entry)) continue;
    const inode = inodes.get(entry) ?? entry;
    const drop = subject.dropped.has(inode);
    const death = deaths.get(inode);
    if (!drop && !death) continue;
    doomed.add(entry);
    const uncovers = drop
      ? present.has(entry.path)
      : entry.type !== "directory" && present.isDirectory(entry.path) && mayUncover(entry, death);
    // What it hid would come to light again: something has to go on hiding it.
    if (uncovers && counts.get(entry.path) === 1) marks.set(entry, markEntry(entry.path, "whiteout"));
    else if (uncovers) spared.add(inode);
  }
  const goes = (entry: FileEntry): boolean =>
    isMark(entry) ? !hiding.has(entry) : doomed.has(entry) && !spared.has(inodes.get(entry) ?? entry);
  const needed = neededDirectories(entries.filter((entry) => !goes(entry) || marks.has(entry)));
  const kept = entries.flatMap((entry) => {
    if (!goes(entry) || (entry.type === "directory" && needed.has(entry.path))) return [entry];
    return marks.get(entry) ?? [];
  });
  lay(kept, present);
  return kept.length === entries.length && marks.size === 0 ? entries : kept;
}

/** A file that took a directory's place and then gave it to another: without it the two would become one. */
function mayUncover({ type }: FileEntry, death: Death | undefined): boolean {
  return type === "hardlink" || death?.cause === "replaced";
}

/** The directories that what is kept lies in: parents stay before children. */
function neededDirectories(kept: readonly FileEntry[]): ReadonlySet<string> {
  const needed = new Set<string>();
  for (const { path, type } of kept)
    for (let at = type === "opaque" ? path : parentOf(path); !needed.has(at); at = parentOf(at)) needed.add(at);
  return needed;
}

/** All of the tar but the entries that go: what stands between entries (global headers) stays. */
function piecesOf(entries: readonly FileEntry[], kept: readonly FileEntry[], layer: number): readonly Piece[] {
  const pieces: Piece[] = [];
  if (kept.length === 0) return pieces;
  const keeps = new Set(kept);
  const marks = new Map(kept.filter(({ raw }) => raw[1] === 0).map((mark) => [mark.path, mark]));
  let start = 0;
  let end = 0;
  const close = (): void => {
    if (end > start) pieces.push({ kind: "raw", layer, start, end });
  };
  for (const entry of entries) {
    if (keeps.has(entry)) {
      end = entry.raw[1];
      continue;
    }
    end = entry.raw[0];
    close();
    start = entry.raw[1];
    end = start;
    const mark = marks.get(entry.path);
    if (mark) pieces.push({ kind: "mark", path: markPath(mark) });
  }
  close();
  return pieces;
}

function isMark({ type }: FileEntry): boolean {
  return type === "whiteout" || type === "opaque";
}
