import type { RandomAccess } from "../../core/index.ts";
import type { Runtime } from "../runtimes/runtime.ts";

export interface FoundRuntime {
  readonly id: string;
  readonly version: string;
}

const chunk = 1 << 20;
const overlap = 256;
const largestText = 1 << 16;

/** The versions of all runtimes that this file can be. Only files of their names are read, in pieces, once per pattern. */
export function findRuntimes(runtimes: readonly Runtime[], path: string, file: RandomAccess): FoundRuntime[] {
  return runtimes.flatMap((runtime) => {
    const named = runtime.path.exec(path);
    if (!named || (runtime.text && file.size > largestText) || (!runtime.text && !isProgram(file))) return [];
    for (const pattern of runtime.versions) {
      const version = search(file, new RegExp(pattern.source, "g"), named[1] ?? "");
      if (version !== undefined) return [{ id: runtime.id, version }];
    }
    return [];
  });
}

function isProgram(file: RandomAccess): boolean {
  const bytes = file.read(0, 4);
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return start === "\x7fELF" || start.startsWith("MZ") || /^(?:[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/.test(start);
}

function search(file: RandomAccess, pattern: RegExp, prefix: string): string | undefined {
  const literal = leadingLiteral(pattern, prefix);
  for (let at = 0; at < file.size; at += chunk) {
    const read = file.read(at, chunk + overlap);
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
    for (const text of literal.replaceAll("\0", "").length < shortestLiteral
      ? [bytes.toString("latin1")]
      : textsWith(bytes, literal))
      for (const [, version] of text.matchAll(pattern)) if (version?.startsWith(prefix)) return version;
  }
  return undefined;
}

/** Shorter ones are everywhere in a binary. */
const shortestLiteral = 3;

/** The text behind each place where a literal stands: to find it takes a tenth of the time that matching everywhere takes. */
function* textsWith(bytes: Buffer, literal: string): Generator<string> {
  // NULs are everywhere: what follows them is looked for.
  const nuls = /^\0*/.exec(literal)?.[0].length ?? 0;
  const rest = Buffer.from(literal.slice(nuls), "latin1");
  for (let at = bytes.indexOf(rest, nuls); at >= 0; at = bytes.indexOf(rest, at + 1))
    yield bytes.toString("latin1", at - nuls, at - nuls + overlap);
}

/**
 * What every match of a pattern begins with, as far as its source says so in plain characters: into its first group, or with what
 * that must begin with. "" where the pattern has alternatives.
 */
function leadingLiteral({ source, ignoreCase }: RegExp, prefix: string): string {
  if (ignoreCase || source.replace(/\((?:[^()]|\([^()]*\))*\)/g, "").includes("|")) return "";
  const [literal, rest] = plainStart(source);
  const group = /^\((?!\?)([^()]*)/.exec(rest)?.[1];
  if (group === undefined) return literal;
  return literal + (prefix !== "" || group.includes("|") ? prefix : plainStart(group)[0]);
}

/** The plain characters that a pattern's source begins with, and what follows. */
function plainStart(source: string): readonly [literal: string, rest: string] {
  let literal = "";
  let end = 0;
  for (const [all, escaped, plain] of source.matchAll(/(?:\\([0/.()@-])|([A-Za-z0-9 /@#:_-]))(?![?*+{])/gy)) {
    literal += escaped === "0" ? "\0" : (escaped ?? plain ?? "");
    end += all.length;
  }
  return [literal, source.slice(end)];
}
