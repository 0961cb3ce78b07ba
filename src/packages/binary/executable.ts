import type { RandomAccess } from "../../core/index.ts";
import { readElfLayout } from "./elf.ts";
import { readMachO } from "./macho.ts";
import { readPe } from "./pe.ts";

/** What the readers of build information need of a program, whatever system it is for. */
export interface Executable {
  readonly format: "elf" | "mach-o" | "pe";
  readonly littleEndian: boolean;
  /** What offsets count in: the file itself, or its part for one architecture. */
  readonly file: RandomAccess;
  readonly sections: readonly ExecutableSection[];
  /** What is loaded from the file, to find by address. */
  readonly mapped: readonly Omit<ExecutableSection, "name">[];
}

export interface ExecutableSection {
  readonly name: string;
  readonly address: number;
  readonly offset: number;
  /** Bytes in the file. */
  readonly size: number;
  readonly writable: boolean;
}

/** Reads the headers of an ELF, Mach-O or PE file; undefined at once for anything else. */
export function readExecutable(file: RandomAccess): Executable | undefined {
  const elf = readElfLayout(file);
  if (!elf) return readMachO(file) ?? readPe(file);
  return {
    format: "elf",
    littleEndian: elf.littleEndian,
    file,
    sections: elf.sections
      .filter((one) => one.type !== 0 && one.type !== 8)
      .map(({ name, address, offset, size, flags }) => ({ name, address, offset, size, writable: (flags & 1) !== 0 })),
    mapped: elf.segments
      .filter((one) => one.type === 1)
      .map(({ address, offset, fileSize, flags }) => ({
        address,
        offset,
        size: fileSize,
        writable: (flags & 2) !== 0,
      })),
  };
}

/** Where the byte loaded at `address` lies in `executable.file`. */
export function offsetOf(executable: Executable, address: number): number | undefined {
  const part = executable.mapped.find((one) => address >= one.address && address < one.address + one.size);
  return part && part.offset + (address - part.address);
}
