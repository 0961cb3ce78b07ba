import { bytesAt } from "./bytes.ts";
import type { RandomAccess } from "../../core/index.ts";
import { type Executable, offsetOf } from "./executable.ts";

/** What the Go linker leaves in every program (`go version -m` prints it). */
export interface GoBuildInfo {
  /** "go1.22.3", "go1.21.0 X:boringcrypto", "devel go1.23-…". */
  readonly goVersion: string;
  /** The import path of the main package. */
  readonly path: string;
  readonly main?: GoModule;
  readonly dependencies: readonly GoModule[];
  /** `-ldflags`, `GOOS`, `vcs.revision`, …, of Go 1.18 and later. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface GoModule {
  readonly path: string;
  /** "v1.2.3"; "(devel)" or empty where it is not known. */
  readonly version: string;
  /** What was compiled in its place. */
  readonly replace?: { readonly path: string; readonly version: string };
}

const magic = Buffer.from("\xff Go buildinf:", "latin1");
const alignment = 16;
const searched = 1 << 20;
const longestText = 4 << 20;
const mostModules = 20_000;

/** Reads both forms: strings behind pointers (before Go 1.18) and strings in place; undefined for what Go did not link. */
export function readGoBuildInfo(executable: Executable): GoBuildInfo | undefined {
  const at = findMagic(executable);
  if (at === undefined) return undefined;
  const { file, littleEndian } = executable;
  const header = bytesAt(file, at, 32, littleEndian);
  if (header.length < 32) return undefined;
  const flags = header.u8(15);
  let texts: readonly [Buffer, Buffer] | undefined;
  if (flags & 2) texts = inlineTexts(file, at + 32);
  else texts = pointedTexts(executable, at, header.u8(14), (flags & 1) === 0);
  if (!texts || texts[0].length === 0 || texts[0].length > 256) return undefined;
  return { goVersion: texts[0].toString("utf8"), ...parseModuleInfo(withoutSentinels(texts[1])) };
}

/** Go's linker gives the record a section of its own; in stripped files and on Windows it begins the writable data. */
function findMagic(executable: Executable): number | undefined {
  const { sections, mapped } = executable;
  const own = sections.find((one) => one.name === ".go.buildinfo" || one.name === "__go_buildinfo");
  if (!own && executable.format === "elf" && sections.length > 0) return undefined;
  const place = own ?? (sections.length > 0 ? sections : mapped).find((one) => one.writable && one.size > 0);
  if (!place) return undefined;
  const bytes = bytesAt(executable.file, place.offset, Math.min(place.size, searched), true).buffer;
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1))
    if (at % alignment === 0) return place.offset + at;
  return undefined;
}

function inlineTexts(file: RandomAccess, at: number): readonly [Buffer, Buffer] | undefined {
  const version = lengthPrefixed(file, at);
  const modules = version && lengthPrefixed(file, version.end);
  return modules && [version.text, modules.text];
}

function lengthPrefixed(file: RandomAccess, at: number): { text: Buffer; end: number } | undefined {
  const head = bytesAt(file, at, 10, true);
  let length = 0;
  let digits = 0;
  for (let more = true; more; digits++) {
    if (digits >= head.length) return undefined;
    const byte = head.u8(digits);
    length += (byte & 0x7f) * 2 ** (7 * digits);
    more = byte > 0x7f;
  }
  if (length > longestText) return undefined;
  const text = bytesAt(file, at + digits, length, true).buffer;
  return text.length === length ? { text, end: at + digits + length } : undefined;
}

function pointedTexts(
  executable: Executable,
  at: number,
  pointerSize: number,
  littleEndian: boolean,
): readonly [Buffer, Buffer] | undefined {
  if (pointerSize !== 4 && pointerSize !== 8) return undefined;
  const pointer = (offset: number): number => {
    const bytes = bytesAt(executable.file, offset, pointerSize, littleEndian);
    return pointerSize === 8 ? bytes.u64(0) : bytes.u32(0);
  };
  const text = (header: number): Buffer => {
    const offset = offsetOf(executable, header);
    const start = offset === undefined ? undefined : offsetOf(executable, pointer(offset));
    const length = offset === undefined ? 0 : pointer(offset + pointerSize);
    if (start === undefined || length > longestText) return Buffer.alloc(0);
    return bytesAt(executable.file, start, length, littleEndian).buffer;
  };
  return [text(pointer(at + 16)), text(pointer(at + 16 + pointerSize))];
}

/** The linker wraps the text in 16 bytes on either side, by which a running program finds it. */
function withoutSentinels(text: Buffer): string {
  return text.length >= 33 && text[text.length - 17] === 10 ? text.toString("utf8", 16, text.length - 16) : "";
}

function parseModuleInfo(text: string): Omit<GoBuildInfo, "goVersion"> {
  let path = "";
  let main: GoModule | undefined;
  const dependencies: GoModule[] = [];
  const settings: Record<string, string> = Object.create(null) as Record<string, string>;
  let last: "main" | "dependency" | undefined;
  for (const line of text.split("\n")) {
    const [kind, first = "", second = ""] = line.split("\t", 4);
    if (kind === "path") path = first;
    else if (kind === "mod") {
      main = { path: first, version: second };
      last = "main";
    } else if (kind === "dep") {
      if (dependencies.length < mostModules) dependencies.push({ path: first, version: second });
      last = "dependency";
    } else if (kind === "=>") {
      const replace = { path: first, version: second };
      const replaced = last === "dependency" ? dependencies.pop() : undefined;
      if (replaced) dependencies.push({ ...replaced, replace });
      else if (main && last === "main") main = { ...main, replace };
    } else if (kind === "build") {
      const setting = parseSetting(line.slice("build\t".length));
      if (setting) settings[setting[0]] = setting[1];
    }
  }
  return { path, ...(main ? { main } : {}), dependencies, settings };
}

/** `key=value`, either of which is a Go string literal where it has spaces, quotes or line breaks. */
function parseSetting(text: string): readonly [string, string] | undefined {
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(text)?.[0];
  const key = quoted ?? text.slice(0, Math.max(0, text.indexOf("=")));
  if (key === "" || text[key.length] !== "=") return undefined;
  const value = text.slice(key.length + 1);
  return [unquote(key), unquote(value)];
}

function unquote(text: string): string {
  if (text.startsWith("`") && text.endsWith("`") && text.length > 1) return text.slice(1, -1);
  if (!text.startsWith('"')) return text;
  try {
    // Go's escapes beyond JSON's do not occur in settings; where one does, the text is left as written.
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
