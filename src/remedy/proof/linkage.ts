import type { FileTree, ImageConfig, LiveFile } from "../../image/index.ts";
import { expandOrigin, loaderPaths, type LoaderPaths, splitPath, variableOf } from "./library-paths.ts";
import type { Program, Programs } from "./programs.ts";

type Elf = Extract<Program, { kind: "elf" }>;

export interface Linkage {
  /** What will not start or load, each in one line, sorted. */
  readonly broken: readonly string[];
  /** False when there was more to look up than is looked up; then absence from the list proves nothing. */
  readonly complete: boolean;
}

interface Subject {
  readonly tree: FileTree;
  readonly config: ImageConfig;
  readonly programs: Programs;
}

const mostLookUps = 5_000_000;
/**
 * Whatever an image's programs need and does not have: their loaders, and libraries, found as the dynamic loaders find them (ld.so(8); musl's ldso/dynlink.c). A library that no program was seen to load may be loaded by
 * name from a process that has others already: what it needs counts as there when it is anywhere in the image.
 */
export function checkLinkage(subject: Subject): Linkage {
  const { programs, config, tree } = subject;
  const broken = new Set<string>();
  const finder = createFinder(subject);
  const loaded = new Set<string>();
  for (const [path, program] of programs.files) {
    if (program.kind === "script" || program.interpreter === undefined) continue;
    if (!tree.resolve(below(program.interpreter)))
      broken.add(`${path} is loaded by ${program.interpreter}, which is not there`);
    else loadAll(path, program, finder, subject, loaded, broken);
  }
  const names = new Set([...programs.files.keys()].map((path) => path.slice(path.lastIndexOf("/") + 1)));
  for (const [path, program] of programs.files) {
    if (program.kind === "script" || program.interpreter !== undefined || loaded.has(path)) continue;
    for (const name of program.needed) {
      const known =
        names.has(name) || finder.find(name, path, program, [], loaderPaths(program, programs, config)) !== undefined;
      if (!known) broken.add(`${path} needs ${name}, which is not there`);
    }
  }
  return { broken: [...broken].sort(), complete: finder.complete() };
}

/** Everything a program is loaded with, breadth first, as the loader does it: DT_RPATH holds for what comes below, too. */
function loadAll(
  path: string,
  program: Elf,
  finder: Finder,
  { programs, config }: Subject,
  loaded: Set<string>,
  broken: Set<string>,
): void {
  const paths = loaderPaths(program, programs, config);
  const seen = new Set<string>([program.interpreter?.split("/").at(-1) ?? ""]);
  const queue: { path: string; elf: Elf; inherited: readonly string[] }[] = [{ path, elf: program, inherited: [] }];
  for (let at = 0; at < queue.length; at++) {
    const one = queue[at];
    if (!one) break;
    const own = ownDirectories(
      one.path,
      one.elf,
      paths.musl ? (one.elf.runpath ?? one.elf.rpath) : one.elf.rpath,
      finder,
    );
    const inherited = [...own, ...one.inherited];
    for (const name of one.elf.needed) {
      if (seen.has(name) || (paths.musl && isMuslItself(name))) continue;
      seen.add(name);
      const found = finder.find(name, one.path, one.elf, inherited, paths);
      if (found === undefined) broken.add(`${one.path} needs ${name}, which is not there`);
      else {
        loaded.add(found);
        const next = programs.files.get(found);
        if (next?.kind === "elf") queue.push({ path: found, elf: next, inherited });
      }
    }
  }
}

/** musl is all of these in one (ldso/dynlink.c, `reserved`). */
function isMuslItself(name: string): boolean {
  return /^(?:libc\.musl-|lib(?:c|pthread|rt|m|dl|util|xnet)\.so)/.test(name);
}

function ownDirectories(path: string, elf: Elf, said: string | undefined, finder: Finder): readonly string[] {
  if (said === undefined) return [];
  const origins = finder.originsOf(path);
  return splitPath(said).flatMap((directory) => expandOrigin(directory, origins, elf));
}

interface Finder {
  /** Where a library is that a file needs; undefined when the loader would not find one of its kind. */
  find(name: string, from: string, elf: Elf, inherited: readonly string[], paths: LoaderPaths): string | undefined;
  /** The directories a file may be said to be in: as it is named, and where links lead. */
  originsOf(path: string): readonly string[];
  complete(): boolean;
}

function createFinder({ tree, programs }: Subject): Finder {
  const resolved = new Map<string, LiveFile | undefined>();
  let lookUps = 0;
  const resolve = (path: string): LiveFile | undefined => {
    if (!resolved.has(path)) resolved.set(path, tree.resolve(path));
    return resolved.get(path);
  };
  /** A file that is no ELF for what is known (a linker script, one too large to be read) counts as what it is called. */
  const fits = (path: string, { bits, machine }: Elf): string | undefined => {
    const file = resolve(path);
    if (file?.entry.type === "directory" || !file) return undefined;
    const program = programs.files.get(file.path);
    return program === undefined || (program.kind === "elf" && program.bits === bits && program.machine === machine)
      ? file.path
      : undefined;
  };
  const finder: Finder = {
    complete: () => lookUps <= mostLookUps,
    originsOf: (path) => {
      const real = resolve(path)?.path ?? path;
      return [...new Set([path, real])].map((one) => one.slice(0, Math.max(0, one.lastIndexOf("/"))));
    },
    find: (name, from, elf, inherited, paths) => {
      if (name.includes("/")) return fits(below(name), elf);
      const runpath = ownDirectories(from, elf, elf.runpath, finder);
      const first = elf.runpath !== undefined && !paths.musl ? [] : inherited;
      for (const directory of [...first, ...paths.environment, ...runpath, ...paths.system]) {
        // Past the bound everything counts as found, and the answer as incomplete.
        if (++lookUps > mostLookUps) return "";
        const found = fits(below(`${directory}/${name}`), elf);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
  return finder;
}

const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The directories of an image's PATH. */
export function pathOf(config: ImageConfig): readonly string[] {
  return splitPath(variableOf(config, "PATH") ?? usualPath);
}

/** A command's file, on the PATH of an image. */
export function findOnPath(name: string, tree: FileTree, config: ImageConfig): LiveFile | undefined {
  for (const directory of pathOf(config)) {
    const file = tree.resolve(below(`${directory}/${name}`));
    if (file && file.entry.type !== "directory") return file;
  }
  return undefined;
}

/** A path of a tree for one of a container. */
export function below(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
