/**
 * The bytes of a name in which bytes that are not UTF-8 stand as U+DC80 to U+DCFF, each by itself; a plain string where
 * there are none.
 */
export function nameBytes(name: string): string | Buffer {
  if (!/[\udc80-\udcff]/.test(name)) return name;
  const parts: Buffer[] = [];
  for (const character of name) {
    const code = character.charCodeAt(0);
    const isByte = character.length === 1 && code >= 0xdc80 && code <= 0xdcff;
    parts.push(isByte ? Buffer.of(code - 0xdc00) : Buffer.from(character));
  }
  return Buffer.concat(parts);
}

/** A path below a directory, for calls that take bytes. */
export function pathBelow(directory: string | Buffer, name: string): string | Buffer {
  const last = nameBytes(name);
  if (typeof directory === "string" && typeof last === "string") return `${directory}/${last}`;
  return Buffer.concat([Buffer.from(directory), Buffer.from("/"), Buffer.from(last)]);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The reverse of `nameBytes`. */
export function decodeBytes(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte > 127 ? 0xdc00 + byte : byte);
    return text;
  }
}
