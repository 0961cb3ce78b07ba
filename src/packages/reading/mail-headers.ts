const mostHeaders = 10_000;

/**
 * The headers of a message (RFC 5322 section 2.2), as Python's metadata and Java's manifests are written: names in lower
 * case, values in order of writing, continued lines joined by a line break.
 */
export function parseMailHeaders(text: string): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  let count = 0;
  let last: { name: string; lines: string[] } | undefined;
  const close = (): void => {
    if (!last) return;
    const values = headers.get(last.name);
    const value = last.lines.join("\n").trim();
    if (values) values.push(value);
    else headers.set(last.name, [value]);
  };
  for (let at = 0; at < text.length && count < mostHeaders; ) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? text.length : end).replace(/\r$/, "");
    at = end < 0 ? text.length : end + 1;
    if (line === "") break;
    if (line.startsWith(" ") || line.startsWith("\t")) {
      last?.lines.push(line.trim());
      continue;
    }
    close();
    const colon = line.indexOf(":");
    last = colon > 0 ? { name: line.slice(0, colon).trim().toLowerCase(), lines: [line.slice(colon + 1)] } : undefined;
    count++;
  }
  close();
  return headers;
}
