/** JSON with comments and trailing commas as JSON without them; strings are left alone. Linear in the text. */
export function plainJson(text: string): string {
  const pieces: string[] = [];
  /** Where in `pieces` a comma waits to see what follows it. */
  let comma = -1;
  for (let at = 0; at < text.length; ) {
    const mark = text[at] ?? "";
    let end = at + 1;
    if (mark === '"') {
      while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
      end++;
    } else if (mark === "/" && (text[end] === "/" || text[end] === "*")) {
      const stop = text[end] === "/" ? text.indexOf("\n", end) : text.indexOf("*/", end + 1);
      at = stop < 0 ? text.length : text[end] === "/" ? stop : stop + 2;
      continue;
    }
    if (!/\s/.test(mark)) {
      if ((mark === "]" || mark === "}") && comma >= 0) pieces[comma] = "";
      comma = mark === "," ? pieces.length : -1;
    }
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces.join("");
}
