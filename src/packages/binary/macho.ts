import type { RandomAccess } from "../../core/index.ts";
import { bytesAt, windowOf } from "./bytes.ts";
import type { Executable, ExecutableSection } from "./executable.ts";

const mostCommands = 4096;
const mostSections = 4096;

/** The sections of a Mach-O file, of the first architecture where it holds several; undefined when it is none. */
export function readMachO(file: RandomAccess): Executable | undefined {
  const magic = bytesAt(file, 0, 8, false);
  // A Java class begins with the same four bytes; the number after them is then a version of at least 45.
  if (magic.u32(0) === 0xcafebabe) {
    if (magic.u32(4) === 0 || magic.u32(4) > 20) return undefined;
    const first = bytesAt(file, 8, 20, false);
    const inner = windowOf(file, first.u32(8), first.u32(12));
    return inner.size < file.size ? readOne(inner) : undefined;
  }
  return readOne(file);
}

function readOne(file: RandomAccess): Executable | undefined {
  const magic = bytesAt(file, 0, 4, true).u32(0);
  const little = magic === 0xfeedface || magic === 0xfeedfacf;
  if (!little && magic !== 0xcefaedfe && magic !== 0xcffaedfe) return undefined;
  const wide = magic === 0xfeedfacf || magic === 0xcffaedfe;
  const header = bytesAt(file, 0, 32, little);
  const start = wide ? 32 : 28;
  const commands = bytesAt(file, start, Math.min(header.u32(20), 4 << 20), little);
  const sections: ExecutableSection[] = [];
  let at = 0;
  for (let index = 0; index < Math.min(header.u32(16), mostCommands) && at + 8 <= commands.length; index++) {
    const [command, size] = [commands.u32(at), commands.u32(at + 4)];
    if (size < 8) break;
    if (command === (wide ? 0x19 : 1)) {
      const count = commands.u32(at + (wide ? 64 : 48));
      const writable = (commands.u32(at + (wide ? 60 : 44)) & 2) !== 0;
      for (let nth = 0; nth < count && sections.length < mostSections; nth++) {
        const section = at + (wide ? 72 + nth * 80 : 56 + nth * 68);
        if (section + 68 > commands.length) break;
        sections.push({
          name: commands.text(section, 16),
          address: wide ? commands.u64(section + 32) : commands.u32(section + 32),
          size: wide ? commands.u64(section + 40) : commands.u32(section + 36),
          offset: commands.u32(section + (wide ? 48 : 40)),
          writable,
        });
      }
    }
    at += size;
  }
  return { format: "mach-o", littleEndian: little, file, sections, mapped: sections };
}
