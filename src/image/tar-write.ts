import { nameBytes } from "../host/index.ts";

/** What a tar header says of a file. */
export interface TarMember {
  /** Without a leading slash; a directory's ends with one. */
  readonly name: string;
  /** POSIX type flag: "0" file, "1" hard link, "2" symbolic link, "3" and "4" devices, "5" directory, "6" pipe. */
  readonly flag: "0" | "1" | "2" | "3" | "4" | "5" | "6";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes; 0 for all but files. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly link?: string;
  readonly device?: readonly [major: number, minor: number];
}

const block = 512;

/** The header blocks of a member (POSIX.1-1988 ustar), with an extended header (POSIX.1-2001) where it needs one. */
export function tarHeader(member: TarMember): Buffer {
  const name = Buffer.from(nameBytes(member.name));
  const link = Buffer.from(nameBytes(member.link ?? ""));
  const records: Buffer[] = [];
  if (name.length > 100) records.push(paxRecord("path", name));
  if (link.length > 100) records.push(paxRecord("linkpath", link));
  for (const [key, value, limit] of [
    ["size", member.size, 8 ** 11],
    ["uid", member.uid, 8 ** 7],
    ["gid", member.gid, 8 ** 7],
    ["mtime", member.mtime, 8 ** 11],
  ] as const) {
    if (value < 0 || value >= limit || !Number.isInteger(value))
      records.push(paxRecord(key, Buffer.from(decimal(value))));
  }
  const header = headerBlock(member, name, link, member.flag);
  if (records.length === 0) return header;
  const body = Buffer.concat(records);
  const extended = { name: "", flag: "0", mode: 0o644, uid: 0, gid: 0, size: body.length, mtime: 0 } as const;
  return Buffer.concat([
    headerBlock(extended, Buffer.from("PaxHeaders"), Buffer.alloc(0), "x"),
    body,
    padding(body.length),
    header,
  ]);
}

/** What fills a member's last block up, and the two blocks a tar ends with. */
export function padding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}

export const tarEnd: Buffer = Buffer.alloc(2 * block);

function headerBlock(member: TarMember, name: Buffer, link: Buffer, flag: string): Buffer {
  const header = Buffer.alloc(block);
  const octal = (value: number, at: number, digits: number): void => {
    const fits = value >= 0 && value < 8 ** digits ? Math.floor(value) : 0;
    header.write(fits.toString(8).padStart(digits, "0"), at, "latin1");
  };
  name.copy(header, 0, 0, 100);
  octal(member.mode, 100, 7);
  octal(member.uid, 108, 7);
  octal(member.gid, 116, 7);
  octal(member.size, 124, 11);
  octal(member.mtime, 136, 11);
  header.write(flag, 156, "latin1");
  link.copy(header, 157, 0, 100);
  header.write("ustar\x0000", 257, "latin1");
  octal(member.device?.[0] ?? 0, 329, 7);
  octal(member.device?.[1] ?? 0, 337, 7);
  sealHeader(header);
  return header;
}

/** Sets the checksum of a header block. */
export function sealHeader(header: Buffer): void {
  header.write("        ", 148, "latin1");
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}

/** A record of an extended header: `length key=value\n`, where the length counts its own digits. */
export function paxRecord(key: string, value: Uint8Array): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from("\n")]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** Never with an exponent. */
function decimal(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/0+$/, "");
}
