import type { FileView } from "../core/index.ts";
import { readText } from "./reading/read-file.ts";

/** Which distribution an image holds (os-release(5)). */
export interface OsRelease {
  /** ID: "debian", "alpine", "rhel"; lower case. */
  readonly id: string;
  /** ID_LIKE: what it derives from, closest first. */
  readonly idLike: readonly string[];
  /** VERSION_ID: "12", "3.20.3"; absent where the release has none (Debian testing). */
  readonly versionId?: string;
  /** VERSION_CODENAME: "bookworm". */
  readonly codename?: string;
  /** PRETTY_NAME, else NAME. */
  readonly title?: string;
  /** CPE_NAME. */
  readonly cpe?: string;
  /** Where it was read. */
  readonly path: string;
}

const places: readonly string[] = ["etc/os-release", "usr/lib/os-release"];
const largest = 64 << 10;

/** Whether a cataloger that names its packages after the distribution wants this path. */
export function isOsRelease(path: string): boolean {
  return path.endsWith("/os-release") && places.includes(path);
}

/** What the first of etc/os-release and usr/lib/os-release with an ID says; the first is most often a link to the second. */
export function readOsRelease(files: FileView): OsRelease | undefined {
  for (const path of places) {
    const text = readText(files, path, largest);
    const release = text === undefined ? undefined : parseOsRelease(text, path);
    if (release) return release;
  }
  return undefined;
}

/** Reads os-release text; `undefined` where it has no usable ID. Later assignments win, as in a shell. */
export function parseOsRelease(text: string, path: string): OsRelease | undefined {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const equals = line.indexOf("=");
    if (equals > 0 && !line.trimStart().startsWith("#"))
      fields.set(line.slice(0, equals).trim(), unquote(line.slice(equals + 1).trim()));
  }
  const id = fields.get("ID")?.toLowerCase() ?? "";
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(id)) return undefined;
  const versionId = fields.get("VERSION_ID");
  const codename = fields.get("VERSION_CODENAME");
  const title = fields.get("PRETTY_NAME") || fields.get("NAME");
  const cpe = fields.get("CPE_NAME");
  return {
    id,
    idLike: (fields.get("ID_LIKE") ?? "").toLowerCase().split(/\s+/).filter(Boolean),
    ...(versionId && { versionId }),
    ...(codename && { codename }),
    ...(title && { title }),
    ...(cpe && { cpe }),
    path,
  };
}

/** A shell word: quotes go, a backslash keeps the next character (os-release(5) knows no more than that). */
function unquote(word: string): string {
  const quote = word[0] === '"' || word[0] === "'" ? word[0] : "";
  const end = quote && word.length > 1 && word.endsWith(quote) ? word.length - 1 : word.length;
  const inner = word.slice(quote.length, end);
  return quote === "'" ? inner : inner.replace(/\\(["'$`\\])/g, "$1");
}
