import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync } from "node:fs";
import { decodeBytes, pathBelow } from "./file-names.ts";
import type { RandomAccess } from "../core/index.ts";

type Path = string | Buffer;

/** How many files are kept open; one that was closed meanwhile is opened again when it is read. */
const openAtOnce = 32;
const maximumLinks = 40;

/**
 * Files below a directory that holds somebody else's root file system. Symbolic links in the way to a file are followed as
 * inside of that root, so that none leads out of it; a file that is itself a link, or is no regular file, is not opened.
 */
export class FilesBelow {
  readonly #root: string;
  readonly #directories = new Map<string, Path | undefined>();
  readonly #open = new Map<string, number>();

  constructor(root: string) {
    this.#root = root;
  }

  /** A file by its path, without a leading slash; undefined when it is not there or cannot be read. */
  open(path: string): RandomAccess | undefined {
    const descriptor = this.#descriptor(path);
    if (descriptor === undefined) return undefined;
    const { size } = fstatSync(descriptor);
    return {
      size,
      read: (offset, length) => {
        const again = this.#descriptor(path);
        return again === undefined ? new Uint8Array(0) : readFrom(again, offset, Math.min(length, size - offset));
      },
    };
  }

  close(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }

  #descriptor(path: string): number | undefined {
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
    if (!fstatSync(descriptor).isFile()) {
      closeSync(descriptor);
      return undefined;
    }
    for (const [oldest, old] of this.#open) {
      if (this.#open.size < openAtOnce) break;
      closeSync(old);
      this.#open.delete(oldest);
    }
    this.#open.set(path, descriptor);
    return descriptor;
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

/** `length` bytes from `offset` on, or as many as there still are. */
function readFrom(descriptor: number, offset: number, length: number): Uint8Array {
  const buffer = Buffer.allocUnsafe(Math.max(0, length));
  let filled = 0;
  while (filled < buffer.length) {
    const count = readSync(descriptor, buffer, filled, buffer.length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
