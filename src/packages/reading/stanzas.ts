const slash = 47;
const dot = 46;
const carriageReturn = 13;
const hash = 35;

/** One record of a control file: its fields, names in lower case. */
export type Stanza = ReadonlyMap<string, string>;

/**
 * The records of a control file (deb-control(5), deb822(5)): "Name: value" lines, a continued line starts with a blank, an
 * empty line ends the record. Only `fields` (lower case) are kept; lines that are neither are passed over, and told to `damaged`
 * unless they are comments.
 */
export function* readStanzas(
  text: string,
  fields: ReadonlySet<string>,
  damaged?: (reason: string) => void,
): Generator<Stanza> {
  let stanza = new Map<string, string>();
  let open: string | undefined;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const first = text.charCodeAt(start);
    if (end === start || (first === 13 && end === start + 1)) {
      if (stanza.size > 0) yield stanza;
      stanza = new Map();
      open = undefined;
    } else if (first === 32 || first === 9) {
      // Joined with what came before only where it is wanted: descriptions are most of the file.
      if (open !== undefined) stanza.set(open, `${stanza.get(open) ?? ""}\n${text.slice(start, end).trim()}`);
    } else {
      const line = text.slice(start, end);
      const colon = line.indexOf(":");
      const name = colon > 0 ? line.slice(0, colon).toLowerCase() : "";
      if (name === "" && first !== hash) damaged?.("a line in it is no field");
      open = fields.has(name) ? name : undefined;
      if (open !== undefined) stanza.set(open, line.slice(colon + 1).trim());
    }
    start = end + 1;
  }
  if (stanza.size > 0) yield stanza;
}

/** The names in a relation field ("libc6 (>= 2.36), awk | mawk"): all alternatives, without versions, architectures, repeats. */
export function relationNames(field: string): string[] {
  const names = new Set<string>();
  for (const relation of field.split(/[,|]/)) {
    const name = /^\s*([^\s(:[<]+)/.exec(relation)?.[1];
    if (name) names.add(name);
  }
  return [...names];
}

/**
 * The paths in a list with one on each line, parents before what is in them, without leading "/" or "./"; directories that
 * hold another path of the list are left out.
 */
export function listedPaths(text: string): string[] {
  const paths: string[] = [];
  let before = "";
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const path = isPlainPath(text, start, end) ? text.slice(start + 1, end) : barePath(text.slice(start, end));
    const holdsNext = path.charCodeAt(before.length) === slash && path.startsWith(before);
    if (before !== "" && !holdsNext) paths.push(before);
    before = path;
    start = end + 1;
  }
  if (before !== "") paths.push(before);
  return paths;
}

/** Whether a line is a path with one "/" before and none after it, as all but a few are. */
function isPlainPath(text: string, start: number, end: number): boolean {
  if (end - start < 3 || text.charCodeAt(start) !== slash) return false;
  const second = text.charCodeAt(start + 1);
  const last = text.charCodeAt(end - 1);
  return second !== slash && second !== dot && last !== slash && last !== carriageReturn;
}

/** A path as a list writes it ("/.", "./usr/bin/x", "/usr/bin/x\r") without what precedes the first name. */
export function barePath(written: string): string {
  let start = 0;
  if (written.startsWith("./")) start = 2;
  while (written.charCodeAt(start) === slash) start++;
  let end = written.length;
  while (end > start && (written.charCodeAt(end - 1) === slash || written.charCodeAt(end - 1) === carriageReturn))
    end--;
  const path = written.slice(start, end);
  return path === "." ? "" : path;
}
