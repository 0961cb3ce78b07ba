const base = 0x400000;

/** A program as linkers of Go before 1.18 left it, as far as its build information goes: strings behind pointers. */
export function oldGoProgram(version: string, modules: string): Buffer {
  const sentinel = "0123456789abcdef";
  const texts = [version, `${sentinel}${modules}${sentinel}`];
  const bytes = Buffer.alloc(512 + texts.join("").length + 256);
  bytes.write("\x7fELF\x02\x01\x01", 0, "latin1");
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(62, 18);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  // One segment: all of the file, writable.
  bytes.writeUInt32LE(1, 64);
  bytes.writeUInt32LE(6, 68);
  bytes.writeBigUInt64LE(BigInt(base), 80);
  bytes.writeBigUInt64LE(BigInt(bytes.length), 96);
  bytes.writeBigUInt64LE(BigInt(bytes.length), 104);
  bytes.write("\xff Go buildinf:\x08\x00", 128, "latin1");
  let end = 512;
  for (const [nth, text] of texts.entries()) {
    const header = 192 + nth * 16;
    bytes.writeBigUInt64LE(BigInt(base + header), 144 + nth * 8);
    bytes.writeBigUInt64LE(BigInt(base + end), header);
    bytes.writeBigUInt64LE(BigInt(text.length), header + 8);
    bytes.write(text, end, "latin1");
    end += text.length;
  }
  return bytes;
}
