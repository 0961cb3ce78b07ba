import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync } from "node:fs";
import { decodeBytes, pathBelow } from "./file-names.ts";
import type { RandomAccess } from "../core/index.ts";

type Path = string | Buffer;

/** How many files are kept open; one that was closed meanwhile is opened again when it is read. */
const openAtOnce = 32;
/** Bytes that are read at once where fewer are asked for: what tells of a program lies in many small pieces. */
const windowBytes = 4096;
const maximumLinks = 40;

interface OpenFile {
  readonly descriptor: number;
  /** In bytes, when it was opened. */
  readonly size: number;
}

const nothingOpen: OpenFile = { descriptor: -1, size: 0 };

/**
 * Files below a directory that holds somebody else's root file system. Symbolic links in the way to a file are followed as
 * inside of that root, so that none leads out of it; a file that is itself a link, or is no regular file, is not opened.
 */
export class FilesBelow {
  readonly #root: string;
  readonly #directories = new Map<string, Path | undefined>();
  readonly #open = new Map<string, OpenFile>();
  /** What was read last of one file. */
  readonly #window = { of: nothingOpen, start: 0, end: 0, bytes: Buffer.allocUnsafeSlow(windowBytes) };

  constructor(root: string) {
    this.#root = root;
  }

  /** A file by its path, without a leading slash; undefined when it is not there or cannot be read. */
  open(path: string): RandomAccess | undefined {
    const file = this.#opened(path);
    return file && { size: file.size, read: (offset, length) => this.#read(path, file.size, offset, length) };
  }

  close(): void {
    for (const { descriptor } of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
    this.#window.of = nothingOpen;
  }

  /** Bytes that nobody else writes to: few are copied out of the window, many are read into room of their own. */
  #read(path: string, size: number, offset: number, length: number): Uint8Array {
    const wanted = Math.min(length, size - offset);
    const file = wanted > 0 && offset >= 0 ? this.#opened(path) : undefined;
    if (!file) return new Uint8Array(0);
    if (wanted > windowBytes) {
      const room = Buffer.allocUnsafe(wanted);
      return room.subarray(0, fill(file.descriptor, room, offset));
    }
    const window = this.#window;
    if (window.of !== file || offset < window.start || offset + wanted > window.end) {
      window.of = nothingOpen;
      // Near its end a file is read up to that: the names of a program's sections lie before their headers.
      window.start = Math.max(0, Math.min(offset, size - windowBytes));
      const room = window.bytes.subarray(0, Math.min(windowBytes, size - window.start));
      window.end = window.start + fill(file.descriptor, room, window.start);
      window.of = file;
    }
    const from = offset - window.start;
    return Buffer.from(window.bytes.subarray(from, Math.min(from + wanted, window.end - window.start)));
  }

  #opened(path: string): OpenFile | undefined {
    const kept = this.#open.get(path);
    if (kept !== undefined) return kept;
    const slash = path.lastIndexOf("/");
    const directory = this.#directory(slash < 0 ? "" : path.slice(0, slash));
    if (directory === undefined) return undefined;
    let descriptor: number;
    try {
      // Without blocking, for it may have become a pipe.
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      descriptor = openSync(pathBelow(directory, path.slice(slash + 1)), flags);
    } catch {
      return undefined;
    }
    const status = fstatSync(descriptor);
    if (!status.isFile()) {
      closeSync(descriptor);
      return undefined;
    }
    for (const [oldest, old] of this.#open) {
      if (this.#open.size < openAtOnce) break;
      closeSync(old.descriptor);
      this.#open.delete(oldest);
    }
    const file = { descriptor, size: status.size };
    this.#open.set(path, file);
    return file;
  }

  #directory(path: string): Path | undefined {
    if (!this.#directories.has(path)) this.#directories.set(path, this.#resolve(path));
    return this.#directories.get(path);
  }

  /** The directory a path leads to when the root is where absolute links start and ".." ends. */
  #resolve(path: string): Path | undefined {
    const ahead = path.split("/").reverse();
    const way: Path[] = [this.#root];
    let links = 0;
    for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
      if (name === "" || name === ".") continue;
      if (name === "..") {
        if (way.length > 1) way.pop();
        continue;
      }
      const next = pathBelow(way.at(-1) ?? this.#root, name);
      try {
        const status = lstatSync(next);
        if (status.isDirectory()) way.push(next);
        else if (!status.isSymbolicLink() || ++links > maximumLinks) return undefined;
        else {
          const target = decodeBytes(readlinkSync(next, "buffer"));
          if (target.startsWith("/")) way.length = 1;
          ahead.push(...target.split("/").reverse());
        }
      } catch {
        return undefined;
      }
    }
    return way.at(-1);
  }
}

/** Reads from `offset` on until the room is full or the file ends; how many bytes that were. */
function fill(descriptor: number, room: Buffer, offset: number): number {
  let filled = 0;
  while (filled < room.length) {
    const count = readSync(descriptor, room, filled, room.length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
