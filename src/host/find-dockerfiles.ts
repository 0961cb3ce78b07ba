import { findFiles } from "./find-files.ts";
import type { Gap } from "../core/index.ts";

const named = /^(?:dockerfile|containerfile)(?:[.-].+)?$|\.(?:dockerfile|containerfile)$/i;
const otherKinds =
  /\.(?:dockerignore|containerignore|md|txt|rst|adoc|html?|json|ya?ml|toml|[cm]?[jt]sx?|go|py|rb|rs|java|sh|bat|ps1|orig|bak|swp|rej|patch|diff|lock|snap)$|~$/i;

/** Whether a file is a Dockerfile by its name: `Dockerfile`, `Dockerfile.prod`, `api.Dockerfile`, `Containerfile`. */
export function isDockerfileName(name: string): boolean {
  return named.test(name) && !otherKinds.test(name);
}

/**
 * The Dockerfiles below a directory, sorted, as paths relative to it with forward slashes. What `.gitignore` files exclude
 * is left out; symbolic links are not followed.
 */
export function findDockerfiles(root: string): Promise<{ paths: readonly string[]; gaps: readonly Gap[] }> {
  return findFiles(root, (path) => isDockerfileName(path.slice(path.lastIndexOf("/") + 1)));
}
