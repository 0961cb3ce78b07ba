import { type FileHandle, open } from "node:fs/promises";
import { PlimsollError } from "../../core/index.ts";
import type { BlobStore } from "../layout.ts";
import { cleanPath, decodeName, parsePax, parseTarHeader } from "../tar.ts";

interface Place {
  readonly start: number;
  readonly size: number;
  /** Another member that this one stands for: older engines wrote a layer they had already written as a link. */
  readonly link?: string;
}

const maximumMembers = 100_000;

/** The members of an uncompressed tar file, each readable by itself. */
export async function openTarFile(path: string, reference: string): Promise<BlobStore> {
  const file = await open(path, "r");
  try {
    const members = await listMembers(file);
    return {
      reference,
      find: (name) => Promise.resolve(found(file, members, name)),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function found(file: FileHandle, members: ReadonlyMap<string, Place>, name: string) {
  let place = members.get(name);
  for (let hops = 0; place?.link !== undefined && hops < 8; hops++) place = members.get(place.link);
  if (!place || place.link !== undefined) return undefined;
  const { start, size } = place;
  return { size, read: () => readRange(file, start, size) };
}

/** A file's bytes from `start` on, in pieces. Throws `image.invalid` when it ends too early. */
export async function* readRange(file: FileHandle, start: number, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; ) {
    const buffer = Buffer.allocUnsafe(Math.min(1 << 18, size - at));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start + at);
    if (bytesRead === 0) throw cutOff();
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function listMembers(file: FileHandle): Promise<ReadonlyMap<string, Place>> {
  const members = new Map<string, Place>();
  const { size: total } = await file.stat();
  const block = Buffer.alloc(512);
  let longName: string | undefined;
  for (let at = 0; at + 512 <= total; ) {
    await file.read(block, 0, 512, at);
    const header = parseTarHeader(block);
    if (!header) break;
    const start = at + 512;
    at = start + Math.ceil(header.size / 512) * 512;
    if (start + header.size > total) throw cutOff();
    if (header.flag === "x" || header.flag === "L") {
      if (header.size > 1 << 20) throw new PlimsollError("image.limit", "a header of the archive is over 1 MiB long");
      const bytes = Buffer.alloc(header.size);
      await file.read(bytes, 0, header.size, start);
      const path = header.flag === "L" ? bytes.subarray(0, Math.max(0, bytes.indexOf(0))) : parsePax(bytes).get("path");
      if (path) longName = decodeName(path);
      continue;
    }
    if (header.flag === "g") continue;
    const name = cleanPath(longName ?? header.name, 64);
    longName = undefined;
    if (name === undefined) continue;
    if (members.size >= maximumMembers)
      throw new PlimsollError("image.limit", `the archive has more than ${maximumMembers} members`);
    if (header.flag === "0" || header.flag === "\0") members.set(name, { start, size: header.size });
    else if (header.flag === "1" || header.flag === "2") {
      const directory = header.flag === "2" ? name.slice(0, name.lastIndexOf("/") + 1) : "";
      const link = cleanPath(`${directory}${header.link}`, 64);
      if (link !== undefined) members.set(name, { start, size: 0, link });
    }
  }
  return members;
}

function cutOff(): PlimsollError {
  return new PlimsollError("image.invalid", "the archive is cut off", { hint: "save the image again" });
}
