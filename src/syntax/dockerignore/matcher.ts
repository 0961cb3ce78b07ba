import type { Dockerignore, IgnorePattern } from "./parse.ts";

export interface IgnoreMatcher {
  /** Whether the build leaves a path out. */
  ignored(path: string): boolean;
  /** The pattern that decided, when one matched the path or a directory above it. */
  lastMatch(path: string): IgnorePattern | undefined;
  /** False for a directory that is left out and below which no later `!` could bring anything back: no walk need enter it. */
  mayContribute(directory: string): boolean;
}

/** Decides as `docker build` does: the last pattern that matches a path, or a directory above it, wins. */
export function createIgnoreMatcher(ignore: Dockerignore | undefined): IgnoreMatcher {
  const patterns = ignore?.patterns ?? [];
  const hasExceptions = patterns.some((pattern) => pattern.negated);
  const lastMatch = (path: string): IgnorePattern | undefined => {
    const parents = parentsOf(path);
    return patterns.findLast((pattern) => pattern.matches(path) || parents.some((parent) => pattern.matches(parent)));
  };
  const ignored = (path: string): boolean => lastMatch(path)?.negated === false;
  return {
    ignored,
    lastMatch,
    mayContribute: (directory) =>
      !ignored(directory) ||
      (hasExceptions && patterns.some((pattern) => pattern.negated && mayReachInto(pattern.pattern, directory))),
  };
}

function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1))
    parents.push(path.slice(0, slash));
  return parents;
}

/** Whether an exception could match something below the directory: its literal beginning decides, wildcards are taken to match. */
function mayReachInto(pattern: string, directory: string): boolean {
  const wildcard = pattern.search(/[*?[\\]/);
  const literal = wildcard < 0 ? pattern : pattern.slice(0, wildcard);
  const below = `${directory}/`;
  return literal.length >= below.length ? literal.startsWith(below) : wildcard >= 0 && below.startsWith(literal);
}
