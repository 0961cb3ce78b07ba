import type { RandomAccess } from "../../core/index.ts";
import { bytesAt } from "./bytes.ts";
import type { Executable } from "./executable.ts";

/** The sections of a PE file (Windows programs and .NET assemblies); undefined when it is none. */
export function readPe(file: RandomAccess): Executable | undefined {
  const dos = bytesAt(file, 0, 64, true);
  if (dos.u16(0) !== 0x5a4d) return undefined;
  const at = dos.u32(60);
  const header = bytesAt(file, at, 64, true);
  if (header.u32(0) !== 0x4550) return undefined;
  const count = Math.min(header.u16(6), 96);
  const optional = header.u16(20);
  const base = bytesAt(file, at + 24, 32, true);
  const imageBase = base.u16(0) === 0x20b ? base.u64(24) : base.u32(28);
  const table = bytesAt(file, at + 24 + optional, count * 40, true);
  const sections = Array.from({ length: Math.floor(table.length / 40) }, (_, index) => {
    const start = index * 40;
    return {
      name: table.text(start, 8),
      address: imageBase + table.u32(start + 12),
      size: table.u32(start + 16),
      offset: table.u32(start + 20),
      writable: (table.u32(start + 36) & 0x80000000) !== 0,
    };
  });
  return { format: "pe", littleEndian: true, file, sections, mapped: sections };
}
