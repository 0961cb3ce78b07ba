import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { PlimsollError } from "../../core/index.ts";
import type { BlobStore } from "../layout.ts";
import { cleanPath, decodeName, parsePax, parseTarHeader } from "../tar.ts";
import { cutOff, readRange } from "./read-range.ts";

interface Place {
  readonly start: number;
  readonly size: number;
  /** Another member that this one stands for: older engines wrote a layer they had already written as a link. */
  readonly link?: string;
}

const maximumMembers = 100_000;

/** The members of an uncompressed tar file, each readable by itself. */
export function openTarFile(path: string, reference: string): BlobStore {
  const file = openSync(path, "r");
  try {
    const members = listMembers(file);
    return {
      reference,
      find: (name) => Promise.resolve(found(file, members, name)),
      close: () => {
        closeSync(file);
        return Promise.resolve();
      },
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function found(file: number, members: ReadonlyMap<string, Place>, name: string) {
  let place = members.get(name);
  for (let hops = 0; place?.link !== undefined && hops < 8; hops++) place = members.get(place.link);
  if (!place || place.link !== undefined) return undefined;
  const { start, size } = place;
  return { size, read: () => readRange(file, start, size) };
}

/** Headers are few and small: they are read where they lie, without waiting for another thread. */
function listMembers(file: number): ReadonlyMap<string, Place> {
  const members = new Map<string, Place>();
  const { size: total } = fstatSync(file);
  const block = Buffer.alloc(512);
  let longName: string | undefined;
  let longSize: number | undefined;
  let headers = 0;
  for (let at = 0; at + 512 <= total; ) {
    if (++headers > 4 * maximumMembers)
      throw new PlimsollError("image.limit", `the archive has more than ${4 * maximumMembers} headers`);
    readSync(file, block, 0, 512, at);
    const header = parseTarHeader(block);
    if (!header) break;
    const start = at + 512;
    // A layer over 8 GiB has its size in the extended header.
    const extended = header.flag === "x" || header.flag === "g" || header.flag === "L" || header.flag === "K";
    const size = extended ? header.size : (longSize ?? header.size);
    at = start + Math.ceil(size / 512) * 512;
    if (start + size > total) throw cutOff();
    if (header.flag === "x" || header.flag === "L") {
      if (header.size > 1 << 20) throw new PlimsollError("image.limit", "a header of the archive is over 1 MiB long");
      const bytes = Buffer.alloc(header.size);
      readSync(file, bytes, 0, header.size, start);
      const end = bytes.indexOf(0);
      const records =
        header.flag === "L" ? new Map([["path", bytes.subarray(0, end < 0 ? bytes.length : end)]]) : parsePax(bytes);
      const path = records.get("path");
      const said = records.get("size");
      if (path) longName = decodeName(path);
      if (said && /^\d{1,15}$/.test(decodeName(said))) longSize = Number(decodeName(said));
      continue;
    }
    if (extended) continue;
    const name = cleanPath(longName ?? header.name, 64);
    longName = undefined;
    longSize = undefined;
    if (name === undefined) continue;
    if (members.size >= maximumMembers)
      throw new PlimsollError("image.limit", `the archive has more than ${maximumMembers} members`);
    if (header.flag === "0" || header.flag === "\0") members.set(name, { start, size });
    else if (header.flag === "1" || header.flag === "2") {
      const directory = header.flag === "2" ? name.slice(0, name.lastIndexOf("/") + 1) : "";
      const link = cleanPath(`${directory}${header.link}`, 64);
      if (link !== undefined) members.set(name, { start, size: 0, link });
    }
  }
  return members;
}
