/** One deflated member; `size` is what its headers say, true or not. */
export interface ZipMember {
  readonly name: string;
  readonly packed: Uint8Array;
  readonly size: number;
  /** Which member's bytes it points at; its own without. */
  readonly at?: number;
}

/** An archive as its headers say, whatever its members are: for tests of those that lie. */
export function zipOf(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let offset = 0;
  for (const [index, { name, packed, size, at }] of members.entries()) {
    const bytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(bytes.length, 22);
    offsets.push(at === undefined || at >= index ? offset : (offsets[at] ?? 0));
    if (at === undefined || at >= index) {
      const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, bytes, packed]);
      parts.push(local);
      offset += local.length;
    }
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offsets[index] ?? 0, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\0", "latin1"), common, rest, bytes]));
  }
  const table = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(Math.min(members.length, 0xfffe), 8);
  end.writeUInt16LE(Math.min(members.length, 0xfffe), 10);
  end.writeUInt32LE(table.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, table, end]);
}
