import type { FileEntry, LiveFile } from "../../image/index.ts";
import type { Bytes } from "../../weight/index.ts";
import type { ImageFacts, Subjects } from "../rule.ts";
import { buildToolFiles } from "./build-tools.ts";
import {
  type ClassHit,
  type ContentClass,
  classByDirectory,
  isDevFile,
  isGemLeftover,
  isHistoryFile,
  isLicence,
  isPackageDatabase,
  junkPattern,
  sourceOfBytecode,
} from "./content-classes.ts";
import { copiedLayers, neededClasses } from "./image-needs.ts";
import { NodeDevPackages } from "./node-dev-packages.ts";
import { VcsRoots } from "./vcs-roots.ts";

type Subject = Subjects["image"];

/** The files of one class that one layer brought. */
export interface ClassGroup {
  readonly class: ContentClass;
  /** From 0, base first. */
  readonly layer: number;
  readonly bytes: Bytes;
  readonly files: number;
  /** The directories by which they belong to the class, the heaviest first. */
  readonly directories: readonly string[];
  /** What they are called where a directory says too little (packages, patterns, other names), the heaviest first. */
  readonly labels: readonly string[];
}

/** Where a file belongs, and what it may be called. */
interface Membership extends ClassHit {
  readonly label?: string;
}

const made = new WeakMap<Subject["files"], ReadonlyMap<ContentClass, readonly ClassGroup[]>>();

/**
 * The files of an image by class and layer: one walk for all rules. A file of several names counts once, and only when all of
 * its names are of one class: otherwise removing them would free nothing. Package databases are of no class.
 */
export function censusOf(subject: Subject): ReadonlyMap<ContentClass, readonly ClassGroup[]> {
  let census = made.get(subject.files);
  if (!census) {
    census = takeCensus(subject);
    made.set(subject.files, census);
  }
  return census;
}

/** The files that are of one of the classes, with all their names. */
export function filesOfClasses(subject: Subject, classes: ReadonlySet<ContentClass>): ReadonlySet<FileEntry> {
  const found = new Set<FileEntry>();
  for (const [member, { entry }] of classified(subject)) if (member && classes.has(member.class)) found.add(entry);
  return found;
}

/** The files that are of any class: what is offered of them is offered as a whole. */
export function classedFiles(subject: Subject): ReadonlySet<FileEntry> {
  const found = new Set<FileEntry>();
  for (const [member, { entry }] of classified(subject)) if (member) found.add(entry);
  return found;
}

function takeCensus(subject: Subject): ReadonlyMap<ContentClass, readonly ClassGroup[]> {
  const tally = new Tally();
  const twins = new Twins();
  for (const [member, file] of classified(subject)) {
    if (member) tally.add(member, file);
    else twins.add(file);
  }
  for (const [file, first] of twins.copies(subject.image))
    tally.add({ class: "duplicate-files", directory: parentOf(file.path), label: `${file.path} = ${first}` }, file);
  return tally.groups();
}

/** Each file once with what it is; one whose names are of different classes is left out. */
function* classified(subject: Subject): Iterable<readonly [member: Membership | undefined, file: LiveFile]> {
  const classify = classifier(subject);
  const linked = new Map<FileEntry, { member: Membership | undefined; file: LiveFile; names: number }>();
  for (const file of subject.files.all()) {
    if (file.entry.type !== "file") continue;
    const member = classify(file);
    if (file.names === 1) {
      yield [member, file];
      continue;
    }
    const known = linked.get(file.entry);
    if (!known) linked.set(file.entry, { member, file, names: 1 });
    else if (known.member?.class === member?.class) known.names++;
  }
  for (const { member, file, names } of linked.values()) if (!member || names === file.names) yield [member, file];
}

/** What a file is, by the evidence of its path and of the files around it. */
function classifier(subject: Subject): (file: LiveFile) => Membership | undefined {
  const { files, image } = subject;
  const roots = new VcsRoots(files);
  const tools = buildToolFiles(image.packages, files);
  const devPackages = new NodeDevPackages(subject);
  const needed = neededClasses(image.config, files);
  const copied = copiedLayers(image);
  const decide = (path: string, layer: number): Membership | undefined => {
    const root = roots.of(path);
    if (root !== undefined) return { class: "vcs-data", directory: root };
    const tool = tools.get(path);
    if (tool !== undefined) return { class: "build-tools", directory: parentOf(path), label: tool };
    const placed = classByDirectory(path);
    if (placed && !needed.has(placed.class) && !needed.has(placed.directory)) return placed;
    const unused = devPackages.of(path);
    if (unused) return { class: "node-dev-packages", directory: unused.directory, label: unused.name };
    const directory = parentOf(path);
    if (isHistoryFile(path)) return { class: "logs-and-temp", directory };
    if (isGemLeftover(path)) return { class: "language-caches", directory };
    if (copied.has(layer)) {
      const pattern = junkPattern(path);
      if (pattern !== undefined) return { class: "context-junk", directory, label: pattern };
    }
    if (placed) return undefined;
    if (isDevFile(path)) return { class: "dev-files", directory };
    const source = sourceOfBytecode(path);
    return source !== undefined && files.get(source) ? { class: "python-bytecode", directory } : undefined;
  };
  return ({ path, layer }) => (isPackageDatabase(path) ? undefined : decide(path, layer));
}

class Tally {
  readonly #groups = new Map<string, { class: ContentClass; layer: number; sums: Sums }>();

  add(member: Membership, { entry, layer }: LiveFile): void {
    const key = `${member.class} ${layer}`;
    let group = this.#groups.get(key);
    if (!group) {
      group = { class: member.class, layer, sums: new Sums() };
      this.#groups.set(key, group);
    }
    group.sums.add(member, entry);
  }

  groups(): ReadonlyMap<ContentClass, readonly ClassGroup[]> {
    const byClass = new Map<ContentClass, ClassGroup[]>();
    for (const { class: name, layer, sums } of this.#groups.values()) {
      const list = byClass.get(name) ?? [];
      list.push({ class: name, layer, ...sums.read() });
      byClass.set(name, list);
    }
    for (const list of byClass.values()) list.sort((a, b) => a.layer - b.layer);
    return byClass;
  }
}

class Sums {
  #unpacked = 0;
  #stored = 0;
  #files = 0;
  readonly #directories = new Map<string, number>();
  readonly #labels = new Map<string, number>();

  add({ directory, label }: Membership, { size, storedBytes }: FileEntry): void {
    this.#unpacked += size;
    this.#stored += storedBytes;
    this.#files++;
    this.#directories.set(directory, (this.#directories.get(directory) ?? 0) + size);
    if (label !== undefined) this.#labels.set(label, (this.#labels.get(label) ?? 0) + size);
  }

  read(): Pick<ClassGroup, "bytes" | "files" | "directories" | "labels"> {
    return {
      bytes: { unpacked: this.#unpacked, stored: this.#stored },
      files: this.#files,
      directories: heaviestFirst(this.#directories),
      labels: heaviestFirst(this.#labels),
    };
  }
}

function heaviestFirst(sums: ReadonlyMap<string, number>): readonly string[] {
  return [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
}

/** Smaller files than this are alike by chance, and share no block of any file system. */
const smallestTwin = 4096;

/** Files of no class that have the same contents. */
class Twins {
  readonly #byDigest = new Map<string, LiveFile[]>();

  add(file: LiveFile): void {
    const { size, digest } = file.entry;
    if (size < smallestTwin || digest === undefined || isPackageDatabase(file.path) || isLicence(file.path)) return;
    const there = this.#byDigest.get(digest);
    if (there) there.push(file);
    else this.#byDigest.set(digest, [file]);
  }

  /**
   * Each copy above the base with the path of the first of its kind. What an operating system's package lists as its own is
   * its matter.
   */
  *copies({ weight, packages }: ImageFacts): Iterable<readonly [copy: LiveFile, first: string]> {
    const copies = new Map<string, readonly [copy: LiveFile, first: string]>();
    for (const files of this.#byDigest.values()) {
      if (files.length === 1) continue;
      const [first, ...others] = files.sort((a, b) => a.layer - b.layer || (a.path < b.path ? -1 : 1));
      for (const copy of others)
        if (first && copy.layer >= weight.baseLayers) copies.set(copy.path, [copy, first.path]);
    }
    for (const { owns } of copies.size === 0 ? [] : packages)
      for (const listed of owns ?? []) {
        const path = listed.replace(/^\/+/, "");
        copies.delete(path);
        // Packages may list "lib/x" where "lib" leads to "usr/lib".
        copies.delete(`usr/${path}`);
      }
    yield* copies.values();
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
