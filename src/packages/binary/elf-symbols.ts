import type { RandomAccess } from "../../core/index.ts";
import { elfSectionNames, type ElfSection, readElfLayout } from "./elf.ts";

/** What of a program nothing but a debugger reads, in bytes of its file. */
export interface ElfSymbols {
  /** `.symtab` and the names in its `.strtab`. */
  readonly symbols: number;
  /** `.debug_*` and what stands for it: lines, types and variables of the source. */
  readonly debug: number;
  /** Go's linker made it, which has a switch of its own to leave them out. */
  readonly go: boolean;
}

const debugging = /^\.(?:z?debug_|gdb_index$|stab(?:str)?$)/;
const [symbolTable, withoutContents] = [2, 8];
const loaded = 2;

/**
 * What `strip` would take out of a program or library; undefined where that is nothing, and for what is no program: kernel modules
 * and other relocatable files need their symbols. Of a stripped program the names of its sections are read, and no more.
 */
export function readElfSymbols(file: RandomAccess): ElfSymbols | undefined {
  const names = elfSectionNames(file);
  if (!names || (!names.includes(".symtab") && !names.includes("debug_"))) return undefined;
  const layout = readElfLayout(file);
  if (!layout || (layout.type !== 2 && layout.type !== 3)) return undefined;
  const { sections } = layout;
  const strings = sections.find(({ type }) => type === symbolTable)?.link ?? 0;
  const isSymbols = ({ type }: ElfSection, index: number): boolean =>
    type === symbolTable || (strings > 0 && index === strings);
  const apart = (one: ElfSection): boolean => one.type !== withoutContents && (one.flags & loaded) === 0;
  const sum = (some: readonly ElfSection[]): number =>
    some.filter(apart).reduce((total, { size }) => total + Math.min(size, file.size), 0);
  const symbols = sum(sections.filter(isSymbols));
  const debug = sum(sections.filter(({ name }) => debugging.test(name)));
  // Sections of a damaged file may say that they are larger than it is.
  if (symbols + debug === 0 || symbols + debug > file.size) return undefined;
  return { symbols, debug, go: names.includes(".go.buildinfo") };
}
