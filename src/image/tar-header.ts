import { PlimsollError } from "../core/index.ts";

/** Bytes of a block, the unit of a tar. */
export const block = 512;

/** A header block, read: POSIX.1-1988 ustar, GNU and the older V7 form. */
export interface TarHeader {
  readonly name: string;
  readonly flag: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  /** Of links alone; "" else. */
  readonly link: string;
  /** Of devices alone; zeros else. */
  readonly device: readonly [major: number, minor: number];
}

/** Reads one header block; undefined for a block of zeros. Throws `image.invalid` when its checksum is wrong. */
export function parseTarHeader(bytes: Uint8Array): TarHeader | undefined {
  const unsigned = sumOf(bytes);
  if (unsigned === 256 && isZero(bytes)) return undefined;
  const sum = readNumber(bytes, 148, 8);
  // Some old programs took bytes as signed.
  if (sum !== unsigned && sum !== unsigned - 256 * highBytes(bytes)) throw invalid("a tar header's checksum is wrong");
  const magic = Buffer.from(bytes.buffer, bytes.byteOffset + 257, 6).toString("latin1");
  const prefix = magic === "ustar\0" ? readText(bytes, 345, 155) : "";
  const name = readText(bytes, 0, 100);
  const size = readNumber(bytes, 124, 12);
  if (!(size >= 0 && size <= Number.MAX_SAFE_INTEGER)) throw invalid("a tar header gives a size that cannot be");
  const flag = String.fromCharCode(bytes[156] ?? 0);
  const isLink = flag === "1" || flag === "2";
  const isDevice = flag === "3" || flag === "4";
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    flag,
    size,
    mode: readNumber(bytes, 100, 8),
    uid: readNumber(bytes, 108, 8),
    gid: readNumber(bytes, 116, 8),
    mtime: readNumber(bytes, 136, 12),
    link: isLink ? readText(bytes, 157, 100) : "",
    device: isDevice ? [readNumber(bytes, 329, 8), readNumber(bytes, 337, 8)] : noDevice,
  };
}

const noDevice: readonly [number, number] = [0, 0];

/** The bytes of a header added up, its checksum taken as eight spaces. */
function sumOf(bytes: Uint8Array): number {
  let sum = 8 * 32;
  for (let i = 0; i < 148; i++) sum += bytes[i] ?? 0;
  for (let i = 156; i < block; i++) sum += bytes[i] ?? 0;
  return sum;
}

function highBytes(bytes: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < block; i++) if ((i < 148 || i >= 156) && (bytes[i] ?? 0) > 127) count++;
  return count;
}

function isZero(bytes: Uint8Array): boolean {
  for (let i = 0; i < block; i++) if (bytes[i] !== 0) return false;
  return true;
}

function readText(bytes: Uint8Array, start: number, length: number): string {
  let end = start;
  while (end < start + length && bytes[end] !== 0) end++;
  return decodeName(bytes.subarray(start, end));
}

/** Octal digits, or with the first bit set a big-endian two's complement number (GNU base-256). */
export function readNumber(bytes: Uint8Array, start: number, length: number): number {
  const first = bytes[start] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = (first & 0x40) !== 0 ? first - 256 : first & 0x7f;
    for (let i = start + 1; i < start + length; i++) value = value * 256 + (bytes[i] ?? 0);
    return value;
  }
  let value = 0;
  let digits = 0;
  for (let i = start; i < start + length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0 || byte === 32) {
      if (digits > 0) break;
      continue;
    }
    if (byte < 48 || byte > 55) throw invalid("a number in a tar header is not octal");
    value = value * 8 + byte - 48;
    digits++;
  }
  return value;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8, or where it is none each byte above 0x7f as a lone surrogate U+DC80 to U+DCFF. */
export function decodeName(bytes: Uint8Array): string {
  let high = 0;
  for (let i = 0; i < bytes.length; i++) high |= bytes[i] ?? 0;
  if (high < 128) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  try {
    return utf8.decode(bytes);
  } catch {
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte > 127 ? 0xdc00 + byte : byte);
    return text;
  }
}

/** The records of a PAX extended header: `length key=value\n`. Values stay bytes, for some are binary. */
export function parsePax(bytes: Uint8Array): Map<string, Uint8Array> {
  const records = new Map<string, Uint8Array>();
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    let length = 0;
    let i = at;
    for (; i < bytes.length && bytes[i] !== 32; i++) {
      const digit = (bytes[i] ?? 0) - 48;
      if (digit < 0 || digit > 9 || i - at > 9) throw invalid("a PAX record has no length");
      length = length * 10 + digit;
    }
    const end = at + length;
    const equals = bytes.indexOf(61, i + 1);
    if (end > bytes.length || end <= i + 2 || bytes[end - 1] !== 10 || equals < 0 || equals >= end)
      throw invalid("a PAX record is cut off");
    records.set(decodeName(bytes.subarray(i + 1, equals)), bytes.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** A path from the root without "." and ".."; undefined when it leaves the root, is too deep or holds a NUL. */
export function cleanPath(written: string, depth: number): string | undefined {
  if (written.length > 1 << 16 || written.includes("\0")) return undefined;
  // Nearly all are clean as they are written, a directory's slash excepted.
  if (written.length <= depth && /^[^./]/.test(written) && !written.includes("//") && !written.includes("/."))
    return written.endsWith("/") ? written.slice(0, -1) : written;
  const absolute = written.startsWith("/");
  const parts: string[] = [];
  for (const part of written.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0) parts.pop();
    else if (!absolute) return undefined;
  }
  return parts.length > depth ? undefined : parts.join("/");
}

export function invalid(message: string): PlimsollError {
  return new PlimsollError("image.invalid", message, { hint: "pull or save the image again; the file may be damaged" });
}

export function tooMuch(message: string): PlimsollError {
  return new PlimsollError("image.limit", message, { hint: "this is not what an honest image looks like" });
}
