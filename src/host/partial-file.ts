import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { PlimsollError } from "../core/index.ts";
import { reasonOf } from "./fetch-refusal.ts";
import { openRandomFile } from "./random-file.ts";

/** A file that is being fetched: from where, and to where. */
export interface Fetching {
  readonly address: string;
  readonly path: string;
  readonly sha256?: string;
}

/** What is remembered beside a file, to ask for it only when it changed. */
export interface Memory {
  readonly address: string;
  readonly size: number;
  readonly etag?: string;
  readonly lastModified?: string;
}

/** Compares checksums and puts the file in its place. */
export function settle(request: Fetching, memory: Memory, hashes: string | undefined): void {
  const partial = partialPath(request);
  const md5 = /md5=([A-Za-z0-9+/=]{24})/.exec(hashes ?? "")?.[1];
  const wrong =
    (md5 !== undefined && checksum(partial, "md5", "base64") !== md5) ||
    (request.sha256 !== undefined && checksum(partial, "sha256", "hex") !== request.sha256);
  rmSync(partialMemory(request), { force: true });
  if (wrong) {
    forgetPartial(request);
    throw new PlimsollError("feed.invalid", `${request.address} does not match its checksum`, {
      hint: "try again; if it stays so, its publisher has a problem",
    });
  }
  const size = statSync(partial).size;
  rmSync(memoryPath(request), { force: true });
  renameSync(partial, request.path);
  writeFileSync(memoryPath(request), JSON.stringify({ ...memory, size }));
}

function checksum(path: string, algorithm: "md5" | "sha256", encoding: "hex" | "base64"): string {
  const file = openRandomFile(path);
  const hash = createHash(algorithm);
  try {
    for (let at = 0; at < file.size; at += 1 << 20) hash.update(file.read(at, 1 << 20));
  } finally {
    file.close();
  }
  return hash.digest(encoding);
}

/** A sink for the bytes of a file from an offset on; what was there before it stays. */
export function startPartial(request: Fetching, from: number): { write(bytes: Uint8Array): void; close(): void } {
  try {
    const descriptor = openSync(partialPath(request), from > 0 ? "r+" : "w");
    let at = from;
    return {
      write(bytes: Uint8Array): void {
        for (let done = 0; done < bytes.length; )
          done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
        at += bytes.length;
      },
      close(): void {
        fsyncSync(descriptor);
        closeSync(descriptor);
      },
    };
  } catch (error) {
    throw new PlimsollError("output.unwritable", `${request.path} cannot be written (${reasonOf(error)})`, {
      hint: "look at the permissions of its directory",
      cause: error,
    });
  }
}

/** A transfer that was cut off, when the server said how to recognise the file. */
export function resumable(request: Fetching): { readonly size: number; readonly validator: string } | undefined {
  try {
    const { address, etag, lastModified } = JSON.parse(readFileSync(partialMemory(request), "utf8")) as Partial<Memory>;
    const validator = etag !== undefined && !etag.startsWith("W/") ? etag : lastModified;
    const { size } = statSync(partialPath(request));
    return address === request.address && validator !== undefined && size > 0 ? { size, validator } : undefined;
  } catch {
    return undefined;
  }
}

/** What has come so far is of no use. */
export function forgetPartial(request: Fetching): void {
  rmSync(partialMemory(request), { force: true });
  rmSync(partialPath(request), { force: true });
}

export function rememberPartial(request: Fetching, response: Response): void {
  writeFileSync(partialMemory(request), JSON.stringify(memoryOf(request.address, response)));
}

/** What is known of the file that is there, when it is still the one that was fetched. */
export function recall(request: Fetching): Memory | undefined {
  try {
    const memory = JSON.parse(readFileSync(memoryPath(request), "utf8")) as Memory;
    return memory.address === request.address && statSync(request.path).size === memory.size ? memory : undefined;
  } catch {
    return undefined;
  }
}

export function memoryOf(address: string, { headers }: Response): Memory {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  return {
    address,
    size: 0,
    ...(etag === null ? {} : { etag }),
    ...(lastModified === null ? {} : { lastModified }),
  };
}

const partialPath = ({ path }: Fetching): string => `${path}.partial`;
const partialMemory = ({ path }: Fetching): string => `${path}.partial.from`;
const memoryPath = ({ path }: Fetching): string => `${path}.from`;
