import type { Subjects } from "../rule.ts";
import { asObject, objectIn } from "./contents.ts";

const lockFile = "node_modules/.package-lock.json";

/** npm writes down in `node_modules/.package-lock.json` what it installed, and why. */
export function isInstalledLock(path: string): boolean {
  return path === lockFile || path.endsWith(`/${lockFile}`);
}

/** Packages inside packages: no tree that works goes deeper. */
const deepest = 16;

/** The installed npm packages that `npm ci --omit=dev` would leave out. */
export class NodeDevPackages {
  readonly #directories = new Set<string>();

  constructor({ files, contents }: Pick<Subjects["image"], "files" | "contents">) {
    for (const path of contents.paths) {
      if (!isInstalledLock(path) || !files.get(path)) continue;
      const project = path.slice(0, -lockFile.length);
      // `devOptional` packages stay: something that ships may use them.
      for (const [key, value] of Object.entries(asObject(objectIn(contents, path)?.["packages"]) ?? {}))
        if (key.startsWith("node_modules/") && asObject(value)?.["dev"] === true)
          this.#directories.add(`${project}${key}`);
    }
  }

  of(path: string): { readonly directory: string; readonly name: string } | undefined {
    if (this.#directories.size === 0) return undefined;
    let depth = 0;
    for (
      let at = path.lastIndexOf("node_modules/");
      at >= 0 && depth < deepest;
      at = at === 0 ? -1 : path.lastIndexOf("node_modules/", at - 1), depth++
    ) {
      const name = /^(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path.slice(at + "node_modules/".length))?.[0];
      const directory = `${path.slice(0, at)}node_modules/${name ?? ""}`;
      if (name !== undefined && this.#directories.has(directory))
        return { directory: `${path.slice(0, at)}node_modules`, name };
    }
    return undefined;
  }
}
