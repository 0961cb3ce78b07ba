/** A value of a lock file: text, or more of them under names or in a row. */
export type Plain = string | PlainMap | readonly Plain[];
export type PlainMap = ReadonlyMap<string, Plain>;

interface Open {
  readonly indent: number;
  readonly map?: Map<string, Plain>;
  readonly list?: Plain[];
}

const deepest = 64;

/**
 * The YAML that package managers write into lock files, line by line and in linear time: mappings and sequences in block
 * form, plain and quoted scalars, block scalars (kept empty: they are prose), one level of `{a: b}` and `[a, b]` on a line, and
 * explicit keys (`? key`, which their writers use for keys over 1024 characters). Anchors, tags and several documents do not
 * occur there. What is not understood is skipped; all scalars are text.
 */
export function parsePlainYaml(text: string): PlainMap {
  const root = new Map<string, Plain>();
  const stack: Open[] = [{ indent: -1, map: root }];
  /** The key that waits for what the next deeper line opens. */
  let pending: { indent: number; key: string; holder: Open } | undefined;
  let skipDeeperThan = -1;
  let longKey: string | undefined;
  for (const line of linesOf(text)) {
    const indent = indentOf(line);
    let rest = line.slice(indent);
    if (rest === "" || rest.startsWith("#") || rest === "---") continue;
    if (skipDeeperThan >= 0) {
      if (indent > skipDeeperThan) continue;
      skipDeeperThan = -1;
    }
    const isItem = rest === "-" || rest.startsWith("- ");
    if (pending) {
      const { holder, key } = pending;
      if (indent > pending.indent || (isItem && indent === pending.indent)) {
        if (stack.length >= deepest) {
          skipDeeperThan = pending.indent;
          pending = undefined;
          continue;
        }
        const opened: Open = isItem ? { indent: indent, list: [] } : { indent, map: new Map() };
        put(holder, key, opened.list ?? opened.map ?? "");
        stack.push(opened);
      }
      pending = undefined;
    }
    // A sequence may stand as deep as the key that holds it: a key there ends it.
    while (stack.length > 1 && closes(stack.at(-1), indent, isItem)) stack.pop();
    let top = stack.at(-1);
    if (!top) break;
    let at = indent;
    if (isItem) {
      if (!top.list) continue;
      rest = rest.slice(1);
      const inner = indentOf(rest);
      rest = rest.slice(inner);
      const pair = splitPair(rest);
      if (!pair) {
        top.list.push(scalar(rest));
        continue;
      }
      if (stack.length >= deepest) continue;
      at = indent + 1 + inner;
      const map = new Map<string, Plain>();
      top.list.push(map);
      top = { indent: at, map };
      stack.push(top);
    }
    if (!top.map) continue;
    if (rest.startsWith("? ")) {
      longKey = unquote(rest.slice(2).trim());
      continue;
    }
    const pair =
      longKey !== undefined && rest.startsWith(":") ? { key: longKey, value: rest.slice(1).trim() } : splitPair(rest);
    longKey = undefined;
    if (!pair) continue;
    if (pair.value === "") {
      put(top, pair.key, "");
      pending = { indent: at, key: pair.key, holder: top };
    } else if (/^[|>][+-]?\d?$/.test(pair.value)) {
      put(top, pair.key, "");
      skipDeeperThan = at;
    } else {
      put(top, pair.key, scalar(pair.value));
      // What a longer scalar goes on with stands deeper, and may look like a key.
      skipDeeperThan = at;
    }
  }
  return root;
}

export function mapAt(value: Plain | undefined): PlainMap {
  return value instanceof Map ? (value as PlainMap) : new Map();
}

export function stringAt(value: Plain | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function put(holder: Open, key: string, value: Plain): void {
  holder.map?.set(key, value);
}

function closes(top: Open | undefined, indent: number, isItem: boolean): boolean {
  return top !== undefined && (top.indent > indent || (top.indent === indent && top.list !== undefined && !isItem));
}

function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? text.length : end);
    yield line.endsWith("\r") ? line.slice(0, -1) : line;
    at = end < 0 ? text.length : end + 1;
  }
}

function indentOf(line: string): number {
  let indent = 0;
  while (line[indent] === " ") indent++;
  return indent;
}

/** `key: value` at the first colon that is outside of quotes and followed by a space or the end. */
function splitPair(text: string): { key: string; value: string } | undefined {
  const quote = text[0];
  let from = 0;
  if (quote === '"' || quote === "'") {
    from = endOfQuote(text);
    if (from < 0 || text[from] !== ":") return undefined;
  }
  for (let at = text.indexOf(":", from); at >= 0; at = text.indexOf(":", at + 1))
    if (at + 1 === text.length || text[at + 1] === " ")
      return { key: unquote(text.slice(0, at).trim()), value: text.slice(at + 1).trim() };
  return undefined;
}

/** Where the text goes on after the quoted scalar that begins at `start`; -1 when it never ends. */
function endOfQuote(text: string, start = 0): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === "\\") at++;
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === "'") at++;
      else return at + 1;
    }
  }
  return -1;
}

function scalar(text: string): Plain {
  if (text.startsWith("{") && text.endsWith("}")) {
    const pairs = flowItems(text).flatMap((one) => {
      const pair = splitPair(one);
      return pair ? [[pair.key, unquote(pair.value)] as const] : [];
    });
    return new Map(pairs);
  }
  if (text.startsWith("[") && text.endsWith("]")) return flowItems(text).map(unquote);
  return unquote(text);
}

/** The members of `{…}` or `[…]`, parted by commas outside of quotes. */
function flowItems(text: string): string[] {
  const items: string[] = [];
  let item = "";
  for (let at = 1; at < text.length; at++) {
    const mark = text[at] ?? "";
    const opens = (mark === '"' || mark === "'") && (item === "" || item.endsWith(": "));
    const closing = opens ? endOfQuote(text, at) : -1;
    if (closing > 0) {
      item += text.slice(at, closing);
      at = closing - 1;
    } else if (mark === "," || at === text.length - 1) {
      items.push(item.trim());
      item = "";
    } else if (item !== "" || mark !== " ") item += mark;
  }
  return items.filter((one) => one !== "");
}

function unquote(text: string): string {
  if (text.startsWith("'")) {
    const end = endOfQuote(text);
    return end < 0 ? text : text.slice(1, end - 1).replaceAll("''", "'");
  }
  if (text.startsWith('"')) {
    const end = endOfQuote(text);
    if (end < 0) return text;
    try {
      return String(JSON.parse(text.slice(0, end)));
    } catch {
      return text.slice(1, end - 1);
    }
  }
  const comment = text.indexOf(" #");
  return comment < 0 ? text : text.slice(0, comment).trimEnd();
}
