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
  for (let at = 0; at < file.size; at += chunk) {
    const bytes = file.read(at, chunk + overlap);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    for (const [, version] of text.matchAll(pattern)) if (version?.startsWith(prefix)) return version;
  }
  return undefined;
}
