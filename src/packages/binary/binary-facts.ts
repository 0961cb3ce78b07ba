import type { FileView, RandomAccess } from "../../core/index.ts";
import { readJson } from "../documents.ts";
import { runtimes } from "../runtimes/list.ts";
import { type AuditedCrate, readCargoAudit } from "./cargo-audit.ts";
import { neverCataloged } from "../never-cataloged.ts";
import { elfSectionNames } from "./elf.ts";
import { type Executable, readExecutable } from "./executable.ts";
import { type GoBuildInfo, readGoBuildInfo } from "./go-build-info.ts";
import { findRuntimes, type FoundRuntime } from "./runtime-version.ts";

/** What a binary tells of its making: kept in its place, so that each is read once for all catalogers that ask. */
export interface BinaryFacts {
  readonly go?: GoBuildInfo;
  readonly rust?: readonly AuditedCrate[];
  readonly runtimes?: readonly FoundRuntime[];
}

/** Programs and libraries past this size (bytes) are not read: it is over twice the largest in public images. */
const largestBinary = 1 << 30;
const smallestBinary = 52;
const notABinary = new RegExp(
  `\\.(?:${[...neverCataloged].join("|")}|sh|bash|rb|json|txt|xml|yml|yaml|toml|conf|go|rs|java|jar|gz|xz|zip|la|a|o)$`,
);
const namedBinary = /\.(?:so(?:\.[\w.+-]+)?|exe|dll|dylib|node)$/;

/** Executables by mode or name, and libraries; scripts known by their names are left out. */
export function wantsBinary(path: string, file: { readonly size: number; readonly mode: number }): boolean {
  if (file.size < smallestBinary || file.size > largestBinary) return false;
  return ((file.mode & 0o111) !== 0 && !notABinary.test(path)) || namedBinary.test(path);
}

// Three catalogers ask for the same file: the answer is kept as long as the caller keeps the file.
const answers = new WeakMap<RandomAccess, Uint8Array | false>();

/** The facts as JSON; undefined, after reading four bytes, for what is no program. */
export function condenseBinary(path: string, file: RandomAccess): Uint8Array | undefined {
  const known = answers.get(file);
  if (known !== undefined) return known || undefined;
  const facts = readFacts(path, file);
  const bytes = facts && Buffer.from(JSON.stringify(facts));
  answers.set(file, bytes ?? false);
  return bytes;
}

/** What `condenseBinary` wrote for a file; undefined when the file is something else. */
export function binaryFacts(files: FileView, path: string): BinaryFacts | undefined {
  const json = readJson(files, path);
  return json?.["binary"] === 1 ? json : undefined;
}

/** Sections that Go's linker and cargo auditable leave their records in. */
const telling = [".go.buildinfo", ".dep-v0"];

function readFacts(path: string, file: RandomAccess): (BinaryFacts & { readonly binary: 1 }) | undefined {
  // Few programs and libraries are made by Go or cargo auditable: the names of their sections tell, and the rest is not read.
  const names = elfSectionNames(file);
  const isPlain = names && telling.every((name) => !names.includes(name));
  const executable: Executable | undefined = isPlain ? undefined : readExecutable(file);
  const found = findRuntimes(runtimes, path, file);
  const go = executable && readGoBuildInfo(executable);
  const rust = executable && readCargoAudit(executable);
  if (!go && !rust && found.length === 0) return undefined;
  return {
    binary: 1,
    ...(go ? { go } : {}),
    ...(rust ? { rust } : {}),
    ...(found.length > 0 ? { runtimes: found } : {}),
  };
}
