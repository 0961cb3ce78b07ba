/** All that `roots` need, directly or through others; what needs whom is given by name. */
export function reachable(roots: Iterable<string>, needs: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set(roots);
  // A set hands out what is added to it while it is walked.
  for (const name of found) for (const next of needs.get(name) ?? []) found.add(next);
  return found;
}
