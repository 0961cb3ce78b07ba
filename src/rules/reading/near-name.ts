/** The name that was probably meant: whatever its case, the same or with one character more, less or other. */
export function nearName(name: string, names: readonly string[]): string | undefined {
  const written = name.toLowerCase();
  return names.find((other) => other.toLowerCase() === written || isSimilar(other.toLowerCase(), written));
}

function isSimilar(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a.length < 4) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return a.slice(i + 1) === b.slice(i + 1) || a.slice(i + 1) === b.slice(i) || a.slice(i) === b.slice(i + 1);
}
