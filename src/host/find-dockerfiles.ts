import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Ignore } from "ignore";
import type { Gap } from "../core/index.ts";

const named = /^(?:dockerfile|containerfile)(?:[.-].+)?$|\.(?:dockerfile|containerfile)$/i;
const otherKinds =
  /\.(?:dockerignore|containerignore|md|txt|rst|adoc|html?|json|ya?ml|toml|[cm]?[jt]sx?|go|py|rb|rs|java|sh|bat|ps1|orig|bak|swp|rej|patch|diff|lock|snap)$|~$/i;

/** Directories no search ever enters. */
const never: ReadonlySet<string> = new Set([".git", "node_modules", ".hg", ".svn"]);
const maximumDirectories = 50_000;
const maximumDepth = 64;

/** Whether a file is a Dockerfile by its name: `Dockerfile`, `Dockerfile.prod`, `api.Dockerfile`, `Containerfile`. */
export function isDockerfileName(name: string): boolean {
  return named.test(name) && !otherKinds.test(name);
}

interface IgnoreScope {
  readonly prefix: string;
  readonly rules: Ignore;
}

/**
 * The Dockerfiles below a directory, sorted, as paths relative to it with forward slashes. What `.gitignore` files exclude
 * is left out; symbolic links are not followed.
 */
export async function findDockerfiles(root: string): Promise<{ paths: readonly string[]; gaps: readonly Gap[] }> {
  const paths: string[] = [];
  const gaps: Gap[] = [];
  let visited = 0;
  const queue: { path: string; depth: number; scopes: readonly IgnoreScope[] }[] = [{ path: "", depth: 0, scopes: [] }];
  for (let current = queue.pop(); current; current = queue.pop()) {
    if (++visited > maximumDirectories) {
      gaps.push({ subject: root, reason: `more than ${maximumDirectories} directories: the search stopped` });
      break;
    }
    let entries: Dirent[];
    try {
      entries = readdirSync(join(root, current.path), { withFileTypes: true });
    } catch (error) {
      gaps.push({
        subject: current.path || ".",
        reason: `the directory cannot be read (${error instanceof Error && "code" in error ? String(error.code) : "?"})`,
      });
      continue;
    }
    const scopes = entries.some((entry) => entry.name === ".gitignore" && entry.isFile())
      ? await withRules(root, current)
      : current.scopes;
    for (const entry of entries) {
      const path = current.path === "" ? entry.name : `${current.path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (never.has(entry.name) || ignored(`${path}/`, scopes)) continue;
        if (current.depth >= maximumDepth)
          gaps.push({ subject: path, reason: `deeper than ${maximumDepth} directories: not searched` });
        else queue.push({ path, depth: current.depth + 1, scopes });
      } else if (entry.isFile() && isDockerfileName(entry.name) && !ignored(path, scopes)) paths.push(path);
    }
  }
  return { paths: paths.sort(), gaps };
}

async function withRules(
  root: string,
  directory: { readonly path: string; readonly scopes: readonly IgnoreScope[] },
): Promise<readonly IgnoreScope[]> {
  const { default: createIgnore } = await import("ignore");
  try {
    const rules = createIgnore().add(readFileSync(join(root, directory.path, ".gitignore"), "utf8").slice(0, 1 << 20));
    return [...directory.scopes, { prefix: directory.path === "" ? "" : `${directory.path}/`, rules }];
  } catch {
    return directory.scopes;
  }
}

/** The innermost `.gitignore` that says anything decides. */
function ignored(path: string, scopes: readonly IgnoreScope[]): boolean {
  for (const { prefix, rules } of scopes.toReversed()) {
    const result = rules.test(path.slice(prefix.length));
    if (result.ignored) return true;
    if (result.unignored) return false;
  }
  return false;
}
