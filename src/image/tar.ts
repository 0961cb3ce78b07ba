import { createHash, type Hash } from "node:crypto";
import type { FileEntry } from "./entry.ts";
import type { Limits } from "./limits.ts";
import {
  block,
  cleanPath,
  decodeName,
  invalid,
  parsePax,
  parseTarHeader,
  readNumber,
  type TarHeader,
  tooMuch,
} from "./tar-header.ts";

export { cleanPath, decodeName, parsePax, parseTarHeader } from "./tar-header.ts";

/** An entry in the making: whoever it is handed to may set its digest and its share of what is stored. */
export type OpenEntry = { -readonly [K in keyof FileEntry]: FileEntry[K] };

/** What came before an entry's own header. */
class Extensions {
  pax = new Map<string, Uint8Array>();
  name: string | undefined;
  link: string | undefined;
  start = -1;
  bytes = 0;
}

/** Takes the contents of a file as they pass. */
export type BodySink = (part: Uint8Array) => void;

export interface TarEvents {
  /** False when contents do not pass, or nobody wants their digests. */
  readonly digests?: boolean;
  /** A file whose contents are about to pass: a sink, when somebody wants them. */
  readonly open?: (entry: OpenEntry) => BodySink | undefined;
  /** An entry, once its contents have passed. */
  readonly entry: (entry: OpenEntry) => void;
  /** Something that was left out, and why. */
  readonly gap: (reason: string) => void;
}

/**
 * Reads a layer's tar as its bytes arrive: POSIX.1-2001 (PAX), GNU, V7. It keeps one header at a time and never the
 * contents. Throws `image.invalid` or `image.limit`.
 */
export class TarParser {
  readonly #events: TarEvents;
  readonly #limits: Limits;
  readonly #header = Buffer.alloc(block);
  #filled = 0;
  #offset = 0;
  #remaining = 0;
  #padding = 0;
  #collected: Uint8Array[] | undefined;
  #collecting: TarHeader | undefined;
  #current: OpenEntry | undefined;
  #hash: Hash | undefined;
  #sink: BodySink | undefined;
  #sparseMore = false;
  #extensions = new Extensions();
  #globals = new Map<string, Uint8Array>();
  #zeroBlocks = 0;
  #entries = 0;

  constructor(events: TarEvents, limits: Limits) {
    this.#events = events;
    this.#limits = limits;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#zeroBlocks >= 2) {
        this.#offset += chunk.length - at;
        return;
      }
      if (this.#remaining > 0) {
        const take = Math.min(this.#remaining, chunk.length - at);
        const part = chunk.subarray(at, at + take);
        if (this.#collected) this.#collected.push(Buffer.from(part));
        else {
          this.#hash?.update(part);
          this.#sink?.(part);
        }
        this.#remaining -= take;
        this.#offset += take;
        at += take;
        if (this.#remaining === 0 && this.#padding === 0) this.#finish();
      } else if (this.#padding > 0) {
        const take = Math.min(this.#padding, chunk.length - at);
        this.#padding -= take;
        this.#offset += take;
        at += take;
        if (this.#padding === 0) this.#finish();
      } else {
        const take = Math.min(block - this.#filled, chunk.length - at);
        this.#header.set(chunk.subarray(at, at + take), this.#filled);
        this.#filled += take;
        this.#offset += take;
        at += take;
        if (this.#filled === block) {
          this.#filled = 0;
          this.#readHeader();
        }
      }
    }
  }

  /** Passes over contents that are not at hand: their file gets no digest. They may be no longer than what is due. */
  skip(bytes: number): void {
    if (bytes === 0) return;
    if (bytes > this.#remaining || this.#collected) throw invalid("a layer's tar does not fit its list of files");
    this.#hash = undefined;
    this.#remaining -= bytes;
    this.#offset += bytes;
    if (this.#remaining === 0 && this.#padding === 0) this.#finish();
  }

  end(): void {
    if (this.#filled > 0 || this.#remaining > 0 || this.#padding > 0 || this.#sparseMore || this.#collecting)
      throw invalid("the layer's tar is cut off");
  }

  #readHeader(): void {
    if (this.#sparseMore) {
      this.#sparseMore = this.#header[504] !== 0;
      this.#countHeader(block);
      if (!this.#sparseMore) this.#startBody();
      return;
    }
    const header = parseTarHeader(this.#header);
    if (!header) {
      this.#zeroBlocks++;
      return;
    }
    if (this.#zeroBlocks > 0) throw invalid("a block of zeros stands inside the layer's tar");
    const extensions = this.#extensions;
    if (extensions.start < 0) extensions.start = this.#offset - block;
    const { flag } = header;
    if (flag === "x" || flag === "g" || flag === "L" || flag === "K") {
      this.#countHeader(block + header.size);
      this.#collecting = header;
      this.#collected = [];
      this.#begin(header.size);
      return;
    }
    if (++this.#entries > this.#limits.entries) throw tooMuch(`a layer has more than ${this.#limits.entries} entries`);
    this.#open(header);
  }

  #countHeader(bytes: number): void {
    this.#extensions.bytes += bytes;
    if (this.#extensions.bytes > this.#limits.headerBytes)
      throw tooMuch(`the headers of one entry take more than ${this.#limits.headerBytes} bytes`);
  }

  #begin(size: number): void {
    this.#remaining = size;
    this.#padding = (block - (size % block)) % block;
    if (size === 0) this.#finish();
  }

  #finish(): void {
    const { start } = this.#extensions;
    if (this.#collecting) {
      this.#extended(this.#collecting, Buffer.concat(this.#collected ?? []));
      this.#collecting = undefined;
      this.#collected = undefined;
      return;
    }
    const entry = this.#current;
    if (entry) {
      if (this.#hash) entry.digest = `sha256:${this.#hash.digest("hex")}`;
      entry.raw = [start, this.#offset];
      this.#events.entry(entry);
    }
    this.#current = undefined;
    this.#hash = undefined;
    this.#sink = undefined;
    this.#extensions = new Extensions();
  }

  #extended(header: TarHeader, bytes: Uint8Array): void {
    if (header.flag === "g") {
      for (const [key, value] of parsePax(bytes)) this.#globals.set(key, value);
      if (this.#globals.size > 1000) throw tooMuch("a tar has more than 1000 global header records");
      this.#extensions = new Extensions();
    } else if (header.flag === "x") for (const [key, value] of parsePax(bytes)) this.#extensions.pax.set(key, value);
    else {
      const end = bytes.indexOf(0);
      const text = decodeName(end < 0 ? bytes : bytes.subarray(0, end));
      if (header.flag === "L") this.#extensions.name = text;
      else this.#extensions.link = text;
    }
  }

  #pax(key: string): string | undefined {
    if (this.#extensions.pax.size === 0 && this.#globals.size === 0) return undefined;
    const value = this.#extensions.pax.get(key) ?? this.#globals.get(key);
    return value === undefined || value.length === 0 ? undefined : decodeName(value);
  }

  #paxNumber(key: string): number | undefined {
    const text = this.#pax(key);
    if (text === undefined) return undefined;
    if (!/^-?\d{1,18}(?:\.\d{1,30})?$/.test(text)) throw invalid(`the PAX record ${key} is no number`);
    return Number(text);
  }

  #open(header: TarHeader): void {
    const written = this.#pax("GNU.sparse.name") ?? this.#pax("path") ?? this.#extensions.name ?? header.name;
    const stored = this.#paxNumber("size") ?? header.size;
    const isFile = header.flag === "0" || header.flag === "\0" || header.flag === "7" || header.flag === "S";
    const type = isFile ? (written.endsWith("/") ? "directory" : "file") : types[header.flag];
    const hasBody = isFile || type === undefined;
    if (stored < 0 || !Number.isSafeInteger(stored)) throw invalid("an entry of a tar has a size that cannot be");
    const path = type === undefined ? undefined : cleanPath(written, this.#limits.depth);
    if (type === undefined) this.#events.gap(`an entry of the unknown tar type ${JSON.stringify(header.flag)}`);
    else if (path === undefined) this.#events.gap("an entry whose path leaves the root or is too deep");
    else this.#current = this.#entryOf(header, path, type, stored);
    if (this.#current?.type === "file") {
      if (this.#events.digests !== false) this.#hash = createHash("sha256");
      this.#sink = this.#events.open?.(this.#current);
    }
    this.#remaining = hasBody ? stored : 0;
    this.#sparseMore = header.flag === "S" && this.#header[482] !== 0;
    if (!this.#sparseMore) this.#startBody();
  }

  #startBody(): void {
    this.#begin(this.#remaining);
  }

  #entryOf(header: TarHeader, path: string, type: FileEntry["type"], stored: number): OpenEntry | undefined {
    const slash = path.lastIndexOf("/");
    const entry: OpenEntry = {
      path,
      type,
      size: 0,
      mode: header.mode & 0o7777,
      uid: this.#paxNumber("uid") ?? header.uid,
      gid: this.#paxNumber("gid") ?? header.gid,
      mtime: this.#paxNumber("mtime") ?? header.mtime,
      raw: nowhere,
      storedBytes: 0,
    };
    const xattrs = this.#extensions.pax.size === 0 ? undefined : this.#xattrs();
    if (xattrs) entry.xattrs = xattrs;
    // ".wh." alone hides nothing: it is a file of that name.
    if (path.startsWith(".wh.", slash + 1) && path.length > slash + 5)
      return asWhiteout(entry, path.slice(0, Math.max(0, slash)), slash);
    // What overlayfs itself writes for a deletion, found in layers taken from its directories.
    if (header.flag === "3" && header.device[0] === 0 && header.device[1] === 0) entry.type = "whiteout";
    else if (type === "file") entry.size = this.#realSize(header, stored);
    else if (type === "device") entry.device = header.device;
    else if (type === "symlink" || type === "hardlink") {
      const link = this.#pax("linkpath") ?? this.#extensions.link ?? header.link;
      const target = type === "symlink" ? link : cleanPath(link, this.#limits.depth);
      if (target === undefined) {
        this.#events.gap("a hard link to a path outside of the root");
        return undefined;
      }
      entry.link = target;
    }
    return entry;
  }

  #realSize(header: TarHeader, stored: number): number {
    const real = this.#paxNumber("GNU.sparse.realsize") ?? this.#paxNumber("GNU.sparse.size");
    const size = real ?? (header.flag === "S" ? readNumber(this.#header, 483, 12) : stored);
    if (!Number.isSafeInteger(size) || size < 0) throw invalid("a sparse file has a size that cannot be");
    return size;
  }

  #xattrs(): Record<string, string> | undefined {
    let found: Record<string, string> | undefined;
    for (const [key, value] of this.#extensions.pax) {
      const name = key.startsWith("SCHILY.xattr.")
        ? key.slice(13)
        : key.startsWith("LIBARCHIVE.xattr.")
          ? key.slice(17)
          : undefined;
      if (name === undefined || name === "__proto__") continue;
      found ??= {};
      const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
      found[name] = key.startsWith("LIBARCHIVE")
        ? Buffer.from(bytes.toString("latin1"), "base64").toString("latin1")
        : bytes.toString("latin1");
    }
    return found;
  }
}

const nowhere: readonly [number, number] = [0, 0];

/** The marks of a layer (OCI image specification, "Whiteouts"); undefined for those of aufs, which mean nothing here. */
function asWhiteout(entry: OpenEntry, parent: string, slash: number): OpenEntry | undefined {
  const name = entry.path.slice(slash + 1);
  entry.size = 0;
  if (name === ".wh..wh..opq") {
    entry.path = parent;
    entry.type = "opaque";
    return entry;
  }
  if (name.startsWith(".wh..wh.")) return undefined;
  entry.path = parent === "" ? name.slice(4) : `${parent}/${name.slice(4)}`;
  entry.type = "whiteout";
  return entry;
}

const types: Readonly<Record<string, FileEntry["type"]>> = {
  "1": "hardlink",
  "2": "symlink",
  "3": "device",
  "4": "device",
  "5": "directory",
  "6": "fifo",
};
