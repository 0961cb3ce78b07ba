/** An element's beginning, its end, or text within it. */
export type XmlEvent =
  | { readonly kind: "open"; readonly name: string }
  | { readonly kind: "close"; readonly name: string }
  | { readonly kind: "text"; readonly text: string };

/**
 * The elements and texts of a document, in linear time: enough for project files. Namespace prefixes are dropped; attributes,
 * comments, processing instructions and document types are passed over, entities beyond the five of XML are left as written.
 */
export function* readXml(text: string): Generator<XmlEvent> {
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
    const end = text.indexOf(stop, open + start.length);
    if (end < 0) return;
    const inside = text.slice(open + start.length, end);
    at = end + stop.length;
    if (start === "<![CDATA[") yield { kind: "text", text: inside };
    if (special) continue;
    const name = /^\/?(?:[\w.-]+:)?([\w.-]+)/.exec(inside)?.[1];
    if (name === undefined) continue;
    if (!inside.startsWith("/")) yield { kind: "open", name };
    if (inside.startsWith("/") || inside.endsWith("/")) yield { kind: "close", name };
  }
}

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
