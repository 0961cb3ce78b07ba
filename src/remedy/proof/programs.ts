import type { FileView } from "../../core/index.ts";
import type { Keeper } from "../../image/index.ts";
import { readElf } from "../../packages/index.ts";

/** What one program or library needs to be loaded, as it says itself. */
export type Program =
  | {
      readonly kind: "elf";
      readonly bits: 32 | 64;
      readonly machine: number;
      readonly interpreter?: string;
      readonly needed: readonly string[];
      readonly rpath?: string;
      readonly runpath?: string;
    }
  | { readonly kind: "script"; readonly interpreter: string; readonly argument?: string };

/** The programs and libraries of an image by path, and the texts that say where its loaders look. */
export interface Programs {
  readonly files: ReadonlyMap<string, Program>;
  readonly settings: ReadonlyMap<string, string>;
}

const setting = /^etc\/(?:ld\.so\.conf(?:\.d\/[^/]+\.conf)?|ld-musl-[^/]+\.path)$/;
const mostOfSetting = 64 << 10;
const largest = 1 << 30;
/** Linux reads no more of the first line of a script (BINPRM_BUF_SIZE). */
const shebangBytes = 256;

/** Keeps of each ELF file what it is loaded with, of each script its first line, and the loaders' settings. */
export const programKeeper: Keeper = {
  id: "programs/1",
  wants: (path, { size, mode }) =>
    size > 3 &&
    size <= largest &&
    ((mode & 0o111) !== 0 || /\.so(?:\.[\w.]+)?$/.test(path) || (setting.test(path) && size <= mostOfSetting)),
  condense(path, file) {
    if (setting.test(path)) return file.read(0, Math.min(file.size, mostOfSetting));
    const start = Buffer.from(file.read(0, Math.min(file.size, shebangBytes)));
    if (start.toString("latin1", 0, 2) === "#!") return encode(readShebang(start.toString("latin1")));
    const elf = readElf(file);
    // Relocatable objects and core files are not loaded.
    if (!elf || (elf.type !== 2 && elf.type !== 3)) return undefined;
    const { bits, machine, interpreter, needed, rpath, runpath } = elf;
    return encode({
      kind: "elf",
      bits,
      machine,
      needed,
      ...(interpreter === undefined ? {} : { interpreter }),
      ...(rpath === undefined ? {} : { rpath }),
      ...(runpath === undefined ? {} : { runpath }),
    });
  },
};

function readShebang(text: string): Program | undefined {
  const line = text.slice(2).split("\n", 1)[0]?.trim() ?? "";
  const [, interpreter, argument] = /^(\S+)(?:[ \t]+(.*))?$/.exec(line) ?? [];
  if (interpreter === undefined) return undefined;
  return { kind: "script", interpreter, ...(argument === undefined ? {} : { argument }) };
}

function encode(program: Program | undefined): Uint8Array | undefined {
  return program && Buffer.from(JSON.stringify(program));
}

/** What the keeper kept, as it was. The texts are our own, so that they parse. */
export function readPrograms(kept: FileView): Programs {
  const files = new Map<string, Program>();
  const settings = new Map<string, string>();
  for (const path of kept.paths) {
    const file = kept.open(path);
    if (!file) continue;
    const text = Buffer.from(file.read(0, file.size)).toString("utf8");
    if (setting.test(path)) settings.set(path, text);
    else {
      const program = parse(text);
      if (program) files.set(path, program);
    }
  }
  return { files, settings };
}

/** A cached answer of a keeper that was damaged on disk counts as none. */
function parse(text: string): Program | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isProgram(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isProgram(value: unknown): value is Program {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  return value.kind === "script" ? "interpreter" in value : value.kind === "elf" && "needed" in value;
}
