import type { FileEntry } from "./entry.ts";
import type { LayerScan } from "./scan.ts";
import type { FileTree, LiveFile } from "./tree.ts";

/** Why no container can see the bytes of an entry any more. */
export type Cause = "deleted" | "hidden" | "overwritten" | "metadata" | "replaced";

/** An entry whose last name is gone. */
export interface Death {
  readonly entry: FileEntry;
  /** Where it was in the tree when it went. */
  readonly path: string;
  /** The layers that brought it and that took it away; the same when one tar names a path twice. */
  readonly layer: number;
  readonly by: number;
  readonly cause: Cause;
}

export interface Merged {
  readonly tree: FileTree;
  /** Everything that was there and is no longer to be seen, in the order in which it went. */
  readonly deaths: readonly Death[];
  /** Whiteouts and opaque marks that hid nothing. */
  readonly idleWhiteouts: number;
}

/** The contents behind one or several names: what a hard link shares. */
interface Inode {
  readonly entry: FileEntry;
  readonly layer: number;
  names: number;
}

interface Node {
  readonly name: string;
  readonly parent: Node | undefined;
  /** Absent for a directory that no layer has an entry for. */
  inode: Inode | undefined;
  children: Map<string, Node> | undefined;
}

const maximumLinks = 40;

/**
 * Lays layers over each other as an engine does when it unpacks them (OCI image specification, "Applying Changesets"): the
 * whiteouts of a layer first, against what lies below it alone, then its entries in their order; a directory over a directory
 * keeps what is in it; parents that are symbolic links are followed inside the root; a hard link is one more name of a file.
 * @param layers base first
 */
export function mergeLayers(layers: readonly Pick<LayerScan, "entries">[]): Merged {
  const merge = new Merge();
  layers.forEach(({ entries }, layer) => merge.apply(entries, layer));
  return { tree: new MergedTree(merge.root), deaths: merge.deaths, idleWhiteouts: merge.idleWhiteouts };
}

class Merge {
  readonly root: Node = { name: "", parent: undefined, inode: undefined, children: new Map() };
  readonly deaths: Death[] = [];
  idleWhiteouts = 0;
  #layer = 0;
  /** Where the last entry went: its neighbours follow it in the tar. Forgotten when anything goes away. */
  #lastPath: string | undefined;
  #lastDirectory: Node | undefined;

  apply(entries: readonly FileEntry[], layer: number): void {
    this.#layer = layer;
    for (const entry of entries) {
      if (entry.type === "opaque") this.#hideBelow(entry.path);
      else if (entry.type === "whiteout") this.#whiteOut(entry.path);
    }
    for (const entry of entries) if (entry.type !== "opaque" && entry.type !== "whiteout") this.#place(entry);
  }

  #hideBelow(path: string): void {
    const directory = this.#find(path);
    if (!directory?.children || directory.children.size === 0) {
      this.idleWhiteouts++;
      return;
    }
    this.#lastPath = undefined;
    for (const child of directory.children.values()) this.#bury(child, "hidden");
    directory.children.clear();
  }

  #whiteOut(path: string): void {
    const node = this.#find(path);
    if (!node?.parent) {
      this.idleWhiteouts++;
      return;
    }
    this.#remove(node, "deleted");
  }

  #place(entry: FileEntry): void {
    if (entry.path === "") {
      this.#placeRoot(entry);
      return;
    }
    const slash = entry.path.lastIndexOf("/");
    const parent = this.#directory(entry.path.slice(0, Math.max(0, slash)));
    const name = entry.path.slice(slash + 1);
    const inode = this.#inodeOf(entry);
    if (!parent?.children || !inode) return;
    const there = parent.children.get(name);
    if (there) {
      if (entry.type === "directory" && there.children) {
        // The directory's own entry is superseded, what is in it stays.
        if (there.inode) this.#drop(there.inode, pathOf(there), "metadata");
        there.inode = inode;
        return;
      }
      if (there.inode === inode) {
        inode.names--; // a link to itself
        return;
      }
      this.#remove(there, causeOf(there, inode.entry));
    }
    const children = entry.type === "directory" ? new Map<string, Node>() : undefined;
    parent.children.set(name, { name, parent, inode, children });
  }

  /** A root that is no directory cannot be: it is gone as soon as it comes. */
  #placeRoot(entry: FileEntry): void {
    const inode: Inode = { entry, layer: this.#layer, names: 1 };
    const gone = entry.type === "directory" ? this.root.inode : inode;
    if (gone) this.#drop(gone, "", gone === inode ? "replaced" : "metadata");
    if (gone !== inode) this.root.inode = inode;
  }

  /** The entry as a new file, or for a hard link the file whose name it repeats; undefined when there is no such file. */
  #inodeOf(entry: FileEntry): Inode | undefined {
    if (entry.type !== "hardlink") return { entry, layer: this.#layer, names: 1 };
    const target = this.#find(entry.link ?? "")?.inode;
    if (!target || target.entry.type === "directory") return undefined;
    target.names++;
    return target;
  }

  #remove(node: Node, cause: Cause): void {
    this.#lastPath = undefined;
    node.parent?.children?.delete(node.name);
    this.#bury(node, cause);
  }

  /** A node and all below it, without recursion: hostile trees are deep. */
  #bury(node: Node, cause: Cause): void {
    const waiting: { node: Node; path: string }[] = [{ node, path: pathOf(node) }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (next.node.inode) this.#drop(next.node.inode, next.path, cause);
      for (const child of next.node.children?.values() ?? [])
        waiting.push({ node: child, path: `${next.path}/${child.name}` });
    }
  }

  #drop(inode: Inode, path: string, cause: Cause): void {
    if (--inode.names > 0) return;
    this.deaths.push({ entry: inode.entry, path, layer: inode.layer, by: this.#layer, cause });
  }

  /** What is at a path now, symbolic links among its parents followed. */
  #find(path: string): Node | undefined {
    const slash = path.lastIndexOf("/");
    const parent = path === "" ? undefined : walk(this.root, path.slice(0, Math.max(0, slash)));
    return path === "" ? this.root : parent?.children?.get(path.slice(slash + 1));
  }

  /** The directory at a path; those that no layer has an entry for are made, and what is no directory gives way. */
  #directory(path: string): Node | undefined {
    if (path !== this.#lastPath) {
      this.#lastDirectory = this.#makeDirectory(path);
      this.#lastPath = path;
    }
    return this.#lastDirectory;
  }

  #makeDirectory(path: string): Node | undefined {
    const found = walk(this.root, path);
    if (found?.children) return found;
    let node = this.root;
    for (const name of path.split("/")) {
      const there = node.children?.get(name);
      const led = there && !there.children ? walk(this.root, pathOf(there)) : there;
      if (led?.children) {
        node = led;
        continue;
      }
      if (there) this.#remove(there, "replaced");
      const made: Node = { name, parent: node, inode: undefined, children: new Map() };
      node.children?.set(name, made);
      node = made;
    }
    return node;
  }
}

function causeOf(there: Node, over: FileEntry): Cause {
  const { inode } = there;
  if (there.children || !inode || inode.entry.type !== over.type) return "replaced";
  if (over.type !== "file")
    return over.type === "symlink" && over.link !== inode.entry.link ? "overwritten" : "metadata";
  return inode.entry.digest !== undefined && inode.entry.digest === over.digest ? "metadata" : "overwritten";
}

/** Where a path leads, every symbolic link on the way followed inside the root. */
function walk(root: Node, path: string): Node | undefined {
  if (path === "") return root;
  let node = root;
  let followed = 0;
  let rest = path.split("/").reverse();
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      node = node.parent ?? root;
      continue;
    }
    const next = node.children?.get(name);
    if (!next) return undefined;
    const entry = next.inode?.entry;
    if (entry?.type !== "symlink") {
      node = next;
      continue;
    }
    const link = entry.link ?? "";
    if (++followed > maximumLinks) return undefined;
    if (link.startsWith("/")) node = root;
    rest = [...rest, ...link.split("/").reverse()];
  }
  return node;
}

function pathOf(node: Node): string {
  const names: string[] = [];
  for (let at: Node | undefined = node; at?.parent; at = at.parent) names.push(at.name);
  return names.reverse().join("/");
}

class MergedTree implements FileTree {
  readonly #root: Node;
  #listed: readonly LiveFile[] | undefined;

  constructor(root: Node) {
    this.#root = root;
  }

  get size(): number {
    return this.#all().length;
  }

  get(path: string): LiveFile | undefined {
    let node: Node | undefined = this.#root;
    if (path !== "") for (const name of path.split("/")) node = node?.children?.get(name);
    return node && live(node, path);
  }

  all(): Iterable<LiveFile> {
    return this.#all();
  }

  *children(path: string): Iterable<LiveFile> {
    let node: Node | undefined = this.#root;
    if (path !== "") for (const name of path.split("/")) node = node?.children?.get(name);
    const prefix = path === "" ? "" : `${path}/`;
    for (const name of [...(node?.children?.keys() ?? [])].sort()) {
      const child = node?.children?.get(name);
      const file = child && live(child, `${prefix}${name}`);
      if (file) yield file;
    }
  }

  resolve(path: string): LiveFile | undefined {
    const node = walk(this.#root, path);
    return node && live(node, pathOf(node));
  }

  #all(): readonly LiveFile[] {
    if (this.#listed) return this.#listed;
    const files: LiveFile[] = [];
    const waiting: { node: Node; path: string }[] = [{ node: this.#root, path: "" }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { node, path } = next;
      const file = live(node, path);
      if (file) files.push(file);
      if (!node.children) continue;
      const prefix = path === "" ? "" : `${path}/`;
      const names = [...node.children.keys()].sort();
      for (let i = names.length - 1; i >= 0; i--) {
        const name = names[i] ?? "";
        const child = node.children.get(name);
        if (child) waiting.push({ node: child, path: `${prefix}${name}` });
      }
    }
    this.#listed = files;
    return files;
  }
}

/** Directories that only stand because something is in them are not files. */
function live({ inode }: Node, path: string): LiveFile | undefined {
  return inode && { path, entry: inode.entry, layer: inode.layer, names: inode.names };
}
