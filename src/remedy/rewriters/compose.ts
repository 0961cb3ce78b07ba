import { type FileEntry, type HeaderChange, type LiveFile, mergeLayers, type Piece } from "../../image/index.ts";
import { findMarks } from "./find-marks.ts";
import { markPath, parentOf, type PlannedLayer, type RewriteSubject } from "./rewriter.ts";

/**
 * Puts what is to be seen above the base into new layers, `groupOf` of its path saying which; whiteouts for the base's files
 * go into the first. Within a layer a directory stands before what is in it, files follow by name, and further names of a
 * file after it.
 */
export function composeLayers(
  subject: RewriteSubject,
  groups: readonly string[],
  groupOf: (path: string) => number,
): readonly PlannedLayer[] {
  const { scans, baseLayers, merged, dropped, frozen } = subject;
  const asTheyAre = scans.map(({ entries }, layer): PlannedLayer => ({ from: [layer], entries }));
  if (frozen.size > 0) return asTheyAre;
  const base = mergeLayers(scans.slice(0, baseLayers)).tree;
  const live = [...merged.tree.all()].filter(({ entry }) => !dropped.has(entry));
  const isNew = ({ path, entry, layer }: LiveFile): boolean => layer >= baseLayers || base.get(path)?.entry !== entry;
  const composer = new Composer(subject, live, isNew, groups.length);
  for (const mark of findMarks(base, live, isNew)) composer.mark(mark);
  composer.fill(groupOf);
  const from = scans.map((_, layer) => layer).slice(baseLayers);
  const made = composer.layers.flatMap(({ pieces, entries }, group): PlannedLayer[] =>
    entries.length === 0 ? [] : [{ from, pieces, entries, createdBy: `plimsoll slim: ${groups[group] ?? ""}` }],
  );
  return [...asTheyAre.slice(0, baseLayers), ...made];
}

interface Growing {
  readonly pieces: Piece[];
  readonly entries: FileEntry[];
  readonly directories: Set<string>;
}

class Composer {
  readonly layers: readonly Growing[];
  readonly #files: readonly LiveFile[];
  readonly #directories: ReadonlyMap<string, LiveFile>;
  readonly #names: ReadonlyMap<FileEntry, readonly string[]>;
  readonly #epoch: number;

  constructor(
    { epoch }: RewriteSubject,
    live: readonly LiveFile[],
    isNew: (file: LiveFile) => boolean,
    groups: number,
  ) {
    const files = live.filter(isNew);
    this.#files = files;
    this.#names = namesOf(live, isNew);
    this.#epoch = epoch ?? Number.POSITIVE_INFINITY;
    this.#directories = new Map(
      files.filter(({ entry }) => entry.type === "directory").map((file) => [file.path, file]),
    );
    this.layers = Array.from({ length: groups }, () => ({ pieces: [], entries: [], directories: new Set<string>() }));
  }

  mark(entry: FileEntry): void {
    const [first] = this.layers;
    if (!first) return;
    this.#parents(first, entry.type === "opaque" ? entry.path : parentOf(entry.path));
    first.pieces.push({ kind: "mark", path: markPath(entry) });
    first.entries.push(entry);
  }

  fill(groupOf: (path: string) => number): void {
    const inhabited = new Set<string>();
    for (const { path, entry } of this.#files)
      if (entry.type !== "directory")
        for (let at = parentOf(path); !inhabited.has(at); at = parentOf(at)) inhabited.add(at);
    const later: (() => void)[] = [];
    for (const file of this.#files) {
      const { path, entry } = file;
      const group = this.#names.get(entry);
      const layer = this.layers[groupOf(group?.[0] ?? path)];
      if (!layer) continue;
      if (entry.type === "directory") {
        if (!inhabited.has(path)) this.#parents(layer, path);
      } else if (!group || group[0] === path) this.#emit(layer, file);
      // A link stands after what it leads to, whatever their names.
      else later.push(() => this.#emit(layer, file, group[0]));
    }
    for (const emit of later) emit();
  }

  /** The directories down to `path` that are not the base's, those first that the others are in. */
  #parents(layer: Growing, path: string): void {
    if (layer.directories.has(path)) return;
    layer.directories.add(path);
    if (path !== "") this.#parents(layer, parentOf(path));
    const directory = this.#directories.get(path);
    if (directory) this.#push(layer, directory);
  }

  #emit(layer: Growing, file: LiveFile, link?: string): void {
    this.#parents(layer, parentOf(file.path));
    this.#push(layer, file, link);
  }

  #push(layer: Growing, { path, entry, layer: from }: LiveFile, link?: string): void {
    const mtime = entry.mtime > this.#epoch ? this.#epoch : entry.mtime;
    const change: HeaderChange = {
      ...(path === entry.path ? {} : { path }),
      ...(link === undefined ? {} : { link }),
      ...(mtime === entry.mtime ? {} : { mtime }),
    };
    const [start, end] = entry.raw;
    layer.pieces.push(
      Object.keys(change).length === 0
        ? { kind: "raw", layer: from, start, end }
        : { kind: "changed", layer: from, raw: entry.raw, change },
    );
    layer.entries.push(
      link === undefined ? { ...entry, path, mtime } : { ...entry, path, mtime, type: "hardlink", size: 0, link },
    );
  }
}

/**
 * The names of each file that has several. First a name that the base has it by; else the one that its own entry has, where
 * that is still among them.
 */
function namesOf(
  live: readonly LiveFile[],
  isNew: (file: LiveFile) => boolean,
): ReadonlyMap<FileEntry, readonly string[]> {
  const names = new Map<FileEntry, string[]>();
  const ofBase = new Set<FileEntry>();
  for (const file of live) {
    const { path, entry, names: count } = file;
    if (count === 1) continue;
    const list = names.get(entry);
    if (!list) names.set(entry, [path]);
    else if (!isNew(file) || (path === entry.path && !ofBase.has(entry))) list.unshift(path);
    else list.push(path);
    if (!isNew(file)) ofBase.add(entry);
  }
  return names;
}
