import type { FileTree } from "../../image/index.ts";

/** Repositories do not nest deeper than this; hostile paths do. */
const deepest = 64;

/** The directories of an image that hold the history of a project: Git (also bare), Subversion and Mercurial. */
export class VcsRoots {
  readonly #roots = new Set<string>();

  constructor(files: FileTree) {
    for (const { path, entry } of files.all()) {
      if (entry.type === "file" && path.endsWith("/HEAD")) {
        const root = path.slice(0, -"/HEAD".length);
        if (isDirectory(files, `${root}/objects`) && isDirectory(files, `${root}/refs`)) this.#roots.add(root);
      } else if (path.endsWith("/.svn/wc.db")) this.#roots.add(path.slice(0, -"/wc.db".length));
      else if (entry.type === "directory" && path.endsWith("/.hg/store"))
        this.#roots.add(path.slice(0, -"/store".length));
    }
  }

  /** The repository a path lies in. */
  of(path: string): string | undefined {
    if (this.#roots.size === 0) return undefined;
    let depth = 0;
    for (let slash = path.indexOf("/"); slash >= 0 && depth < deepest; slash = path.indexOf("/", slash + 1), depth++) {
      const directory = path.slice(0, slash);
      if (this.#roots.has(directory)) return directory;
    }
    return undefined;
  }
}

function isDirectory(files: FileTree, path: string): boolean {
  return files.get(path)?.entry.type === "directory";
}
