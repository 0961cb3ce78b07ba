/** An element's beginning, its end, or text within it. */
export type XmlEvent =
  | {
      readonly kind: "open";
      readonly name: string;
      /** An attribute's value; names are compared without case, as MSBuild does. */
      readonly attribute: (name: string) => string | undefined;
    }
  | { readonly kind: "close"; readonly name: string }
  | { readonly kind: "text"; readonly text: string };

/**
 * The elements and texts of a document, in linear time: enough for project files. Namespace prefixes are dropped; comments,
 * processing instructions and document types are passed over, entities beyond the five of XML are left as written.
 */
export function* readXml(text: string): Generator<XmlEvent> {
  const endOfTag = tagEnds(text);
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf("<", at);
    const between = text.slice(at, open < 0 ? text.length : open).trim();
    if (between !== "") yield { kind: "text", text: decode(between) };
    if (open < 0) return;
    const special = [
      ["<!--", "-->"],
      ["<![CDATA[", "]]>"],
      ["<?", "?>"],
      ["<!", ">"],
    ].find(([start = ""]) => text.startsWith(start, open));
    const [start = "<", stop = ">"] = special ?? [];
    const end = special ? text.indexOf(stop, open + start.length) : endOfTag(open + 1);
    if (end < 0) return;
    const inside = text.slice(open + start.length, end);
    at = end + stop.length;
    if (start === "<![CDATA[") yield { kind: "text", text: inside };
    if (special) continue;
    const name = /^\/?(?:[\w.-]+:)?([\w.-]+)/.exec(inside)?.[1];
    if (name === undefined) continue;
    if (!inside.startsWith("/")) yield { kind: "open", name, attribute: (wanted) => attributeIn(inside, wanted) };
    if (inside.startsWith("/") || inside.endsWith("/")) yield { kind: "close", name };
  }
}

/** Where a tag ends: at the first ">" outside of quotes. A quote that is never closed is none. */
function tagEnds(text: string): (from: number) => number {
  const closed = { '"': true, "'": true };
  return (from) => {
    for (let at = from; at < text.length; at++) {
      const mark = text[at];
      if (mark === ">") return at;
      if ((mark !== '"' && mark !== "'") || !closed[mark]) continue;
      const end = text.indexOf(mark, at + 1);
      if (end < 0) closed[mark] = false;
      else at = end;
    }
    return -1;
  };
}

function attributeIn(inside: string, wanted: string): string | undefined {
  const attributes = /[\s"']([\w.:-]{1,200})\s{0,200}=\s{0,200}(?:"([^"]{0,4096})"|'([^']{0,4096})')/g;
  for (const [, name = "", double, single] of inside.slice(0, longestTag).matchAll(attributes))
    if (name.toLowerCase() === wanted.toLowerCase()) return decode(double ?? single ?? "");
  return undefined;
}

/** Characters of a tag that are searched for attributes. */
const longestTag = 16_384;

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

function decode(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (one) => entities[one] ?? one);
}
