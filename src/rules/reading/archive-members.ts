import type { RandomAccess } from "../../core/index.ts";

/** A file that an archive holds. */
export interface ArchiveMember {
  readonly path: string;
  /** Bytes, unpacked. */
  readonly size: number;
}

/** More than this no archive of 1 MiB lists. */
const maximumMembers = 20_000;

/**
 * The regular files that a small tar (POSIX ustar, not compressed) or zip (APPNOTE 6.3, wheels and jars too) lists, by their
 * headers alone: nothing is unpacked. Undefined where the bytes are neither, or break off.
 */
export function archiveMembers(file: RandomAccess): readonly ArchiveMember[] | undefined {
  const bytes = file.read(0, file.size);
  return membersOfZip(bytes) ?? membersOfTar(bytes);
}

const latin1 = new TextDecoder("latin1");

function membersOfTar(bytes: Uint8Array): readonly ArchiveMember[] | undefined {
  const text = (start: number, length: number): string =>
    latin1.decode(bytes.subarray(start, start + length)).split("\0", 1)[0] ?? "";
  const members: ArchiveMember[] = [];
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0 && members.length < maximumMembers; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (text(at + 257, 5) !== "ustar" || !Number.isInteger(size)) return undefined;
    const type = text(at + 156, 1);
    const prefix = text(at + 345, 155);
    if (type === "0" || type === "")
      members.push({ path: `${prefix === "" ? "" : `${prefix}/`}${text(at, 100)}`, size });
    at += 512 + Math.ceil(size / 512) * 512;
    if (at > bytes.length) return undefined;
  }
  return members.length === 0 ? undefined : members;
}

const endSize = 22;
const entrySize = 46;

function membersOfZip(bytes: Uint8Array): readonly ArchiveMember[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - endSize;
  const lowest = Math.max(0, end - 0xffff);
  while (end >= lowest && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < lowest) return undefined;
  const count = Math.min(view.getUint16(end + 10, true), maximumMembers);
  const members: ArchiveMember[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (at + entrySize > end || view.getUint32(at, true) !== 0x02014b50) return undefined;
    const nameLength = view.getUint16(at + 28, true);
    const path = latin1.decode(bytes.subarray(at + entrySize, at + entrySize + nameLength));
    if (!path.endsWith("/")) members.push({ path, size: view.getUint32(at + 24, true) });
    at += entrySize + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return members;
}
