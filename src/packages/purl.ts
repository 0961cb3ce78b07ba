/** The parts of a package URL, decoded (package-url specification, ECMA-427). */
export interface Purl {
  /** Lower case: letters, digits, "." and "-", a letter first. */
  readonly type: string;
  /** Segments joined by "/": "debian", "@scope", "github.com/owner". */
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  /** Keys are lower case. */
  readonly qualifiers?: Readonly<Record<string, string>>;
  /** Relative to the package's root, without "." and "..". */
  readonly subpath?: string;
}

/** The same, where a caller may hand over what is not there. */
export interface PurlParts {
  readonly type: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly version?: string | undefined;
  readonly qualifiers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly subpath?: string | undefined;
}

const longest = 1 << 14;
const typeName = /^[a-z][a-z0-9.-]*$/;
const qualifierKey = /^[a-z][a-z0-9._-]*$/;

/**
 * Types whose namespace (and name) the specification folds to lower case. Go and npm are left out although it folds them:
 * their registries hold names that differ by case alone, and a folded one would no longer be found there.
 */
const foldsNamespace = new Set(["alpm", "apk", "bitbucket", "composer", "deb", "github", "hex", "pypi", "qpkg", "rpm"]);
const foldsName = new Set(["alpm", "apk", "bitbucket", "bitnami", "composer", "deb", "github", "hex", "oci", "pypi"]);

/**
 * The canonical package URL of some parts: qualifiers sorted, empty ones left out, everything percent-encoded but letters,
 * digits, ".", "-", "_", "~" and ":" (section "Character encoding"), names folded as their type asks.
 */
export function formatPurl(parts: PurlParts): string {
  const type = parts.type.toLowerCase();
  const { namespace, name } = folded(type, parts.namespace ?? "", parts.name);
  const path = [...segments(namespace), trimSlashes(name)].map(encode).join("/");
  let text = `pkg:${type}/${path}`;
  if (parts.version) text += `@${encode(parts.version)}`;
  const qualifiers = Object.entries(parts.qualifiers ?? {})
    .flatMap(([key, value]) => (value ? [`${key.toLowerCase()}=${encode(value)}`] : []))
    .sort();
  if (qualifiers.length > 0) text += `?${qualifiers.join("&")}`;
  const subpath = segments(parts.subpath ?? "").filter(isStep);
  return subpath.length > 0 ? `${text}#${subpath.map(encode).join("/")}` : text;
}

/** The parts of a package URL, or `undefined` where the text is none (section "How to parse"), or is past 16 KiB. */
export function parsePurl(text: string): Purl | undefined {
  if (text.length > longest) return undefined;
  let rest = text.trim();
  const [beforeSubpath, subpathText] = cutLast(rest, "#");
  const [beforeQualifiers, qualifierText] = cutLast(beforeSubpath, "?");
  rest = beforeQualifiers;
  if (rest.slice(0, 4).toLowerCase() !== "pkg:") return undefined;
  rest = trimSlashes(rest.slice(4));
  const slash = rest.indexOf("/");
  const type = rest.slice(0, Math.max(slash, 0)).toLowerCase();
  if (!typeName.test(type)) return undefined;
  rest = rest.slice(slash + 1);
  // A version follows the name: the "@" of a scope left unescaped ("npm/@scope/name") starts a segment.
  const at = rest.lastIndexOf("@");
  const hasVersion = at > 0 && rest[at - 1] !== "/";
  const version = hasVersion ? decode(rest.slice(at + 1)) : "";
  const path = segments(hasVersion ? rest.slice(0, at) : rest).map(decode);
  const qualifiers = parseQualifiers(qualifierText);
  const subpath = segments(subpathText).map(decode);
  const last = path.pop();
  if (!last || version === undefined || qualifiers === undefined) return undefined;
  if (!allText(path) || !allText(subpath)) return undefined;
  if ([...path, ...subpath].some((segment) => segment.includes("/"))) return undefined;
  const { namespace, name } = folded(type, path.join("/"), last);
  const steps = subpath.filter(isStep);
  return {
    type,
    ...(namespace && { namespace }),
    name,
    ...(version && { version }),
    ...(Object.keys(qualifiers).length > 0 && { qualifiers }),
    ...(steps.length > 0 && { subpath: steps.join("/") }),
  };
}

function parseQualifiers(text: string): Record<string, string> | undefined {
  const found = new Map<string, string>();
  for (const pair of text.split("&")) {
    const equals = pair.indexOf("=");
    const key = pair.slice(0, Math.max(equals, 0)).toLowerCase();
    const value = decode(pair.slice(equals + 1));
    if (pair === "" || value === "") continue;
    if (value === undefined || !qualifierKey.test(key) || found.has(key)) return undefined;
    found.set(key, value);
  }
  return Object.fromEntries(found);
}

function folded(type: string, namespace: string, name: string): { namespace: string; name: string } {
  const shown = foldsName.has(type) ? name.toLowerCase() : name;
  return {
    namespace: foldsNamespace.has(type) ? namespace.toLowerCase() : namespace,
    name: type === "pypi" ? shown.replaceAll("_", "-") : shown,
  };
}

function encode(text: string): string {
  // encodeURIComponent throws on half a surrogate pair, and leaves five marks the specification wants encoded.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replace(/[!'()*]|%3A/g, (mark) =>
    mark === "%3A" ? ":" : `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function allText(parts: readonly (string | undefined)[]): parts is readonly string[] {
  return parts.every((part) => part !== undefined);
}

function segments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function isStep(segment: string): boolean {
  return segment !== "." && segment !== "..";
}

function trimSlashes(text: string): string {
  let start = 0;
  let end = text.length;
  while (text[start] === "/") start++;
  while (end > start && text[end - 1] === "/") end--;
  return text.slice(start, end);
}

/** Before and after the last `mark`; all before where it is not there. */
function cutLast(text: string, mark: string): [string, string] {
  const at = text.lastIndexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
