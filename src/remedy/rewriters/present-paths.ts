import type { FileEntry } from "../../image/index.ts";

interface Node {
  readonly below: Map<string, Node>;
  directory: boolean;
}

/**
 * What is there at each path while layers are laid over each other: enough to tell which whiteouts still hide something.
 * Paths that lead through symbolic links are not followed; once one was seen, `unsure` holds, and every whiteout is kept.
 */
export class PresentPaths {
  readonly #root: Node = { below: new Map(), directory: true };
  unsure = false;

  /** Hides what whiteouts and opaque marks hide; says whether that was anything. */
  hide({ path, type }: FileEntry): boolean {
    if (type === "opaque") {
      const node = this.#find(path);
      const hides = (node?.below.size ?? 0) > 0;
      node?.below.clear();
      return hides || this.unsure;
    }
    const slash = path.lastIndexOf("/");
    const parent = this.#find(path.slice(0, Math.max(0, slash)));
    return (parent?.below.delete(path.slice(slash + 1)) ?? false) || this.unsure;
  }

  /** Puts an entry over what is there. */
  place({ path, type }: FileEntry): void {
    if (path === "") return;
    let node = this.#root;
    const names = path.split("/");
    const last = names.pop() ?? "";
    for (const name of names) {
      let next = node.below.get(name);
      if (!next) node.below.set(name, (next = { below: new Map(), directory: true }));
      else if (!next.directory) this.unsure = true;
      node = next;
    }
    const there = node.below.get(last);
    if (type === "directory" && there?.directory) return;
    node.below.set(last, { below: new Map(), directory: type === "directory" });
  }

  has(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  isDirectory(path: string): boolean {
    return this.#find(path)?.directory ?? false;
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root;
    if (path === "") return node;
    for (const name of path.split("/")) {
      if (node && !node.directory) this.unsure = true;
      node = node?.below.get(name);
    }
    return node;
  }
}
