import type { Dockerignore, IgnorePattern } from "./parse.ts";

export interface IgnoreMatcher {
  /** Whether the build leaves a path out. */
  ignored(path: string): boolean;
  /** The pattern that decided, when one matched the path or a directory above it. */
  lastMatch(path: string): IgnorePattern | undefined;
  /** False for a directory that is left out and below which no later `!` could bring anything back: no walk need enter it. */
  mayContribute(directory: string): boolean;
}

/** What the patterns said of one path: which matched it or what is above it, and which decided. */
interface Decision {
  readonly matched: readonly boolean[];
  readonly by: IgnorePattern | undefined;
}

/**
 * Decides as `docker build` does (moby/patternmatcher, MatchesUsingParentResults): the last pattern that matches wins, and a
 * match on a directory holds for what is below. A pattern that could not change the verdict is not tried, and then does not
 * count as having matched the directory either.
 */
export function createIgnoreMatcher(ignore: Dockerignore | undefined): IgnoreMatcher {
  const patterns = ignore?.patterns ?? [];
  const hasExceptions = patterns.some((pattern) => pattern.negated);
  const directories = new Map<string, Decision>();
  const decide = (path: string, above: Decision | undefined): Decision => {
    const matched: boolean[] = [];
    let by: IgnorePattern | undefined;
    for (const [i, pattern] of patterns.entries()) {
      const isIgnored = by?.negated === false;
      const hit = above?.matched[i] === true || (pattern.negated === isIgnored && pattern.matches(path));
      matched.push(hit);
      if (hit) by = pattern;
    }
    return { matched, by };
  };
  const decideDirectory = (path: string): Decision => {
    const known = directories.get(path);
    if (known) return known;
    const slash = path.lastIndexOf("/");
    const made = decide(path, slash < 0 ? undefined : decideDirectory(path.slice(0, slash)));
    directories.set(path, made);
    return made;
  };
  const lastMatch = (path: string): IgnorePattern | undefined => {
    if (patterns.length === 0) return undefined;
    const slash = path.lastIndexOf("/");
    return decide(path, slash < 0 ? undefined : decideDirectory(path.slice(0, slash))).by;
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

/** Whether an exception could match something below the directory: its literal beginning decides, wildcards are taken to match. */
function mayReachInto(pattern: string, directory: string): boolean {
  const wildcard = pattern.search(/[*?[\\]/);
  const literal = wildcard < 0 ? pattern : pattern.slice(0, wildcard);
  const below = `${directory}/`;
  return literal.length >= below.length ? literal.startsWith(below) : wildcard >= 0 && below.startsWith(literal);
}
