import type { SourceRange, SourceText } from "../../core/index.ts";
import { cleanPath, compilePattern, type PathMatch } from "./pattern.ts";

export interface IgnorePattern {
  /** As Docker uses it: without `!`, cleaned, without leading slash. */
  readonly pattern: string;
  readonly negated: boolean;
  /** The pattern in the file, its `!` included. */
  readonly range: SourceRange;
  readonly matches: PathMatch;
}

export interface Dockerignore {
  readonly source: SourceText;
  readonly patterns: readonly IgnorePattern[];
  readonly problems: readonly { readonly message: string; readonly range: SourceRange }[];
}

/** Reads a `.dockerignore` (moby/patternmatcher's ignorefile): `#` only in column one, BOM dropped, patterns trimmed and cleaned. */
export function parseDockerignore(source: SourceText): Dockerignore {
  const { text } = source;
  const patterns: IgnorePattern[] = [];
  const problems: { message: string; range: SourceRange }[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const newline = text.indexOf("\n", at);
    const lineEnd = newline < 0 ? text.length : newline;
    const line = text.slice(at, lineEnd);
    const start = at + (line.length - line.trimStart().length);
    const trimmed = line.trim();
    const range = { start, end: start + trimmed.length };
    at = lineEnd + 1;
    if (line.startsWith("#") || trimmed === "") continue;
    const negated = trimmed.startsWith("!");
    const body = negated ? trimmed.slice(1).trim() : trimmed;
    if (body === "") {
      problems.push({ message: "a lone ! re-includes nothing: Docker refuses the file", range });
      continue;
    }
    const pattern = cleanPath(body);
    const matches = compilePattern(pattern);
    if (matches) patterns.push({ pattern, negated, range, matches });
    else problems.push({ message: `the pattern ${body} is malformed: Docker refuses the file`, range });
  }
  return { source, patterns, problems };
}
