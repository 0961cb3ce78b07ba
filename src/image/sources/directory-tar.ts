import { type BigIntStats, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { type Gap, PlimsollError } from "../../core/index.ts";
import { decodeBytes, FilesBelow, pathBelow } from "../../host/index.ts";
import type { Limits } from "../limits.ts";
import { padding, tarEnd, tarHeader, type TarMember } from "../tar-write.ts";

/** The tar of a directory tree, the same bytes each time as long as the tree stays as it is. */
export interface DirectoryTar {
  read(): AsyncIterable<Uint8Array>;
  /** What was left out, known once it has been read. */
  gaps(): readonly Gap[];
}

/**
 * Writes a directory as a layer's tar: names sorted by code unit, hard links kept, other file systems below it (`/proc`)
 * left out. Extended attributes cannot be read from Node and are a gap. Throws `image.limit`.
 */
export function directoryTar(root: string, limits: Limits): DirectoryTar {
  let gaps: Gap[] = [];
  return {
    gaps: () => gaps,
    async *read() {
      const left: Gap[] = [];
      const skip = (path: string, reason: string): void => {
        if (left.length < 100) left.push({ subject: path, reason });
      };
      const files = new FilesBelow(root);
      try {
        for (const { path, member } of walk(root, limits, skip)) {
          const file = member.flag === "0" && member.size > 0 ? files.open(path) : undefined;
          if (member.flag === "0" && member.size > 0 && !file) {
            skip(path, "it cannot be read");
            continue;
          }
          yield tarHeader(member);
          if (!file) continue;
          for (let at = 0; at < member.size; ) {
            const part = file.read(at, Math.min(1 << 18, member.size - at));
            if (part.length === 0) throw new PlimsollError("image.invalid", `${path} changed while it was read`);
            at += part.length;
            yield part;
          }
          yield padding(member.size);
        }
        yield tarEnd;
      } finally {
        files.close();
      }
      gaps = left;
    },
  };
}

interface Found {
  readonly path: string;
  readonly member: TarMember;
}

function* walk(root: string, limits: Limits, skip: (path: string, reason: string) => void): Generator<Found> {
  const device = lstatSync(`${root}/.`, { bigint: true }).dev;
  const links = new Map<string, string>();
  let entries = 0;
  // A directory comes right before what is in it: who unpacks the tar may set its time when it is left.
  const pending = namesIn(root, "", skip).reverse();
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (++entries > limits.entries)
      throw new PlimsollError("image.limit", `${root} holds more than ${limits.entries} entries`);
    const status = statusOf(root, path);
    const member = status && memberOf(root, path, status, links);
    // Sockets are left out of images by engines, too.
    if (member) yield { path, member };
    else if (!status) skip(path, "it cannot be looked at");
    if (!status?.isDirectory() || status.dev !== device) continue;
    if (path.split("/").length >= limits.depth) skip(path, "it is too deep");
    else for (const below of namesIn(root, path, skip).reverse()) pending.push(below);
  }
}

/** The paths of what is directly in a directory, sorted. */
function namesIn(root: string, directory: string, skip: (path: string, reason: string) => void): string[] {
  try {
    return readdirSync(directory === "" ? root : pathBelow(root, directory), { encoding: "buffer" })
      .map((name) => (directory === "" ? decodeBytes(name) : `${directory}/${decodeBytes(name)}`))
      .sort();
  } catch {
    skip(directory, "the directory cannot be read");
    return [];
  }
}

function statusOf(root: string, path: string): BigIntStats | undefined {
  try {
    return lstatSync(pathBelow(root, path), { bigint: true });
  } catch {
    return undefined;
  }
}

function memberOf(root: string, path: string, status: BigIntStats, links: Map<string, string>): TarMember | undefined {
  const common = {
    name: path,
    mode: Number(status.mode) & 0o7777,
    uid: Number(status.uid),
    gid: Number(status.gid),
    size: 0,
    mtime: Number(status.mtimeNs / 1000n) / 1e6,
  };
  if (status.isDirectory()) return { ...common, name: `${path}/`, flag: "5" };
  if (status.nlink > 1n) {
    const inode = `${status.dev}:${status.ino}`;
    const first = links.get(inode);
    if (first !== undefined) return { ...common, flag: "1", link: first };
    links.set(inode, path);
  }
  if (status.isFile()) return { ...common, flag: "0", size: Number(status.size) };
  if (status.isSymbolicLink()) return { ...common, flag: "2", link: linkOf(root, path) };
  if (status.isFIFO()) return { ...common, flag: "6" };
  if (!status.isCharacterDevice() && !status.isBlockDevice()) return undefined;
  return { ...common, flag: status.isBlockDevice() ? "4" : "3", device: deviceOf(status.rdev) };
}

function linkOf(root: string, path: string): string {
  try {
    return decodeBytes(readlinkSync(pathBelow(root, path), "buffer"));
  } catch {
    return "";
  }
}

/** Linux's `dev_t`: 12 bits of major and 20 of minor, which got 8 of each first (makedev(3)). */
function deviceOf(number: bigint): readonly [number, number] {
  const major = ((number >> 8n) & 0xfffn) | ((number >> 32n) & 0xfffff000n);
  const minor = (number & 0xffn) | ((number >> 12n) & 0xffffff00n);
  return [Number(major), Number(minor)];
}
