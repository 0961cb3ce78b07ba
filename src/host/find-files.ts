import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Ignore } from "ignore";
import type { Gap } from "../core/index.ts";

/** Directories no search ever enters. */
const never: ReadonlySet<string> = new Set([".git", "node_modules", ".hg", ".svn"]);
const maximumDirectories = 50_000;
const maximumDepth = 64;

interface IgnoreScope {
  readonly prefix: string;
  readonly rules: Ignore;
}

/**
 * The regular files below a directory of sources that somebody wants, sorted, as paths relative to it with forward slashes. What
 * `.gitignore` files exclude is left out, and so are directories that hold no sources; symbolic links are not followed.
 */
export async function findFiles(
  root: string,
  wanted: (path: string) => boolean,
): Promise<{ paths: readonly string[]; gaps: readonly Gap[] }> {
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
      } else if (entry.isFile() && wanted(path) && !ignored(path, scopes)) paths.push(path);
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
    const rules = createIgnore().add(boundedPatterns(readFileSync(join(root, directory.path, ".gitignore"), "utf8")));
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

/** Patterns become regular expressions: one with many wildcards could take forever on a long name, and is left out. */
function boundedPatterns(text: string): string {
  const lines = text.slice(0, 1 << 20).split(/\r?\n/, 20_000);
  return lines.filter((line) => line.length <= 4096 && (line.match(/\*+|\?/g) ?? []).length <= 8).join("\n");
}
