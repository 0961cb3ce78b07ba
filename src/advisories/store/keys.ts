/** What a package's advisories are kept under. The separator cannot occur in either part. */
export function packageKey(ecosystem: string, name: string): string {
  return `${ecosystem}\t${name}`;
}

export function splitPackageKey(key: string): { readonly ecosystem: string; readonly name: string } | undefined {
  const at = key.indexOf("\t");
  return at < 1 ? undefined : { ecosystem: key.slice(0, at), name: key.slice(at + 1) };
}

/** What is said of an id, and where it is named, is kept under this. */
export function idKey(id: string): string {
  return `#${id}`;
}

/** The groups that a Java artifact is known under. */
export function artifactKey(artifact: string): string {
  return `@${artifact}`;
}
