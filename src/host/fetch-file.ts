import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  writeFileSync,
  mkdirSync,
} from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { PlimsollError } from "../core/index.ts";
import { openRandomFile } from "./random-file.ts";

export interface FetchRequest {
  /** `https:`, `file:`, or `http:` on a loopback address. */
  readonly address: string;
  /** Where the file is put; it appears there whole or not at all. What is there already is only replaced by something newer. */
  readonly path: string;
  /** Bytes. */
  readonly limit: number;
  /** Hexadecimal SHA-256 it must have. */
  readonly sha256?: string;
  /** Milliseconds without a byte after which it is given up. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
  readonly progress?: (received: number, total: number | undefined) => void;
}

export interface FetchedFile {
  /** "missing": the publisher says there is no such file. */
  readonly outcome: "fetched" | "unchanged" | "missing";
}

/** What is remembered beside a file, to ask for it only when it changed. */
interface Memory {
  readonly address: string;
  readonly size: number;
  readonly etag?: string;
  readonly lastModified?: string;
}

/**
 * Fetches a file to a path. An interrupted transfer is taken up where it ended when the server still has the same file; sizes and,
 * where stated, checksums (SHA-256, or the MD5 that storage services send) are compared.
 * @throws PlimsollError feed.unreachable, feed.invalid, feed.limit, usage.unknown-option for an address of another kind
 */
export async function fetchFile(request: FetchRequest): Promise<FetchedFile> {
  const url = allowedAddress(request.address);
  mkdirSync(dirname(request.path), { recursive: true });
  return url.protocol === "file:" ? copyFile(url, request) : download(url, request);
}

/** Plain http only to this machine: what decides about vulnerabilities must not be changed on its way. */
function allowedAddress(address: string): URL {
  let url: URL | undefined;
  try {
    url = new URL(address);
  } catch {
    // Said below.
  }
  const loopback = url && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url && (url.protocol === "https:" || url.protocol === "file:" || (url.protocol === "http:" && loopback)))
    return url;
  throw new PlimsollError("usage.unknown-option", `${address} is not an address to fetch from`, {
    hint: "use https://, file:///, or http:// to this machine",
  });
}

function copyFile(url: URL, request: FetchRequest): FetchedFile {
  let source: ReturnType<typeof openRandomFile>;
  let modified: string;
  try {
    const path = fileURLToPath(url);
    source = openRandomFile(path);
    modified = String(statSync(path).mtimeMs);
  } catch (error) {
    if (error instanceof PlimsollError && error.code === "target.missing") return { outcome: "missing" };
    throw error instanceof PlimsollError ? error : unreachable(request.address, "it is no path here", error);
  }
  try {
    const memory: Memory = { address: request.address, size: source.size, lastModified: modified };
    const known = recall(request);
    if (known && known.lastModified === modified && known.size === source.size) return { outcome: "unchanged" };
    const partial = startPartial(request, 0);
    try {
      for (let at = 0; at < source.size; at += 1 << 20) partial.write(source.read(at, 1 << 20));
    } finally {
      partial.close();
    }
    return settle(request, memory, undefined);
  } finally {
    source.close();
  }
}

async function download(url: URL, request: FetchRequest): Promise<FetchedFile> {
  const known = recall(request);
  const begun = known ? undefined : resumable(request);
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (known?.etag !== undefined) headers["if-none-match"] = known.etag;
  else if (known?.lastModified !== undefined) headers["if-modified-since"] = known.lastModified;
  if (begun) {
    headers["range"] = `bytes=${begun.size}-`;
    headers["if-range"] = begun.validator;
  }
  const patience = watch(request);
  try {
    const response = await follow(url, headers, patience.signal, request.address);
    if (response.status === 304) return { outcome: "unchanged" };
    if (response.status === 404 || response.status === 410) return { outcome: "missing" };
    if (response.status !== 200 && response.status !== 206) throw refused(request.address, response.status);
    const from = response.status === 206 ? (begun?.size ?? 0) : 0;
    await receive(response, from, request, patience.touch);
    return settle(request, memoryOf(request.address, response), response.headers.get("x-goog-hash") ?? undefined);
  } catch (error) {
    if (error instanceof PlimsollError) throw error;
    request.signal?.throwIfAborted();
    throw unreachable(request.address, patience.signal.aborted ? "it went silent" : reasonOf(error), error);
  } finally {
    patience.stop();
  }
}

/** Redirects are followed only to addresses that could have been asked for themselves. */
async function follow(
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
  asked: string,
): Promise<Response> {
  let current = url;
  for (let hops = 0; hops < 6; hops++) {
    const response = await fetch(current, { headers, signal, redirect: "manual" });
    const location = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    const next = allowedAddress(new URL(location, current).href);
    if (next.protocol === "file:" || (next.protocol === "http:" && current.protocol !== "http:"))
      throw unreachable(asked, `it redirects to ${next.protocol}`);
    current = next;
  }
  throw unreachable(asked, "it redirects in a circle");
}

async function receive(response: Response, from: number, request: FetchRequest, touch: () => void): Promise<void> {
  const encoded = (response.headers.get("content-encoding") ?? "identity") !== "identity";
  const stated = Number((encoded ? null : response.headers.get("content-length")) ?? Number.NaN);
  const total = Number.isSafeInteger(stated) ? from + stated : undefined;
  if (total !== undefined && total > request.limit) throw tooLarge(request);
  rememberPartial(request, response);
  const partial = startPartial(request, from);
  let received = from;
  try {
    for await (const chunk of response.body ?? []) {
      touch();
      received += chunk.length;
      if (received > request.limit) throw tooLarge(request);
      partial.write(chunk);
      request.progress?.(received, total);
    }
  } finally {
    partial.close();
  }
  if (total !== undefined && received !== total)
    throw unreachable(request.address, `it ended after ${received} of ${total} bytes`);
}

/** Compares checksums and puts the file in its place. */
function settle(request: FetchRequest, memory: Memory, hashes: string | undefined): FetchedFile {
  const partial = partialPath(request);
  const md5 = /md5=([A-Za-z0-9+/=]{24})/.exec(hashes ?? "")?.[1];
  const wrong =
    (md5 !== undefined && checksum(partial, "md5", "base64") !== md5) ||
    (request.sha256 !== undefined && checksum(partial, "sha256", "hex") !== request.sha256);
  rmSync(partialMemory(request), { force: true });
  if (wrong) {
    rmSync(partial, { force: true });
    throw new PlimsollError("feed.invalid", `${request.address} does not match its checksum`, {
      hint: "try again; if it stays so, its publisher has a problem",
    });
  }
  const size = statSync(partial).size;
  rmSync(memoryPath(request), { force: true });
  renameSync(partial, request.path);
  writeFileSync(memoryPath(request), JSON.stringify({ ...memory, size }));
  return { outcome: "fetched" };
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

function startPartial(request: FetchRequest, from: number) {
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
function resumable(request: FetchRequest): { readonly size: number; readonly validator: string } | undefined {
  try {
    const { address, etag, lastModified } = JSON.parse(readFileSync(partialMemory(request), "utf8")) as Partial<Memory>;
    const validator = etag !== undefined && !etag.startsWith("W/") ? etag : lastModified;
    const { size } = statSync(partialPath(request));
    return address === request.address && validator !== undefined && size > 0 ? { size, validator } : undefined;
  } catch {
    return undefined;
  }
}

function rememberPartial(request: FetchRequest, response: Response): void {
  writeFileSync(partialMemory(request), JSON.stringify(memoryOf(request.address, response)));
}

/** What is known of the file that is there, when it is still the one that was fetched. */
function recall(request: FetchRequest): Memory | undefined {
  try {
    const memory = JSON.parse(readFileSync(memoryPath(request), "utf8")) as Memory;
    return memory.address === request.address && statSync(request.path).size === memory.size ? memory : undefined;
  } catch {
    return undefined;
  }
}

function memoryOf(address: string, { headers }: Response): Memory {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  return {
    address,
    size: 0,
    ...(etag === null ? {} : { etag }),
    ...(lastModified === null ? {} : { lastModified }),
  };
}

const partialPath = ({ path }: FetchRequest): string => `${path}.partial`;
const partialMemory = ({ path }: FetchRequest): string => `${path}.partial.from`;
const memoryPath = ({ path }: FetchRequest): string => `${path}.from`;

/** Aborts when nothing has come for a while, or when the caller does. */
function watch(request: FetchRequest) {
  const controller = new AbortController();
  const patience = request.patience ?? 30_000;
  let timer = setTimeout(() => controller.abort(), patience);
  const abort = (): void => controller.abort();
  request.signal?.addEventListener("abort", abort);
  return {
    signal: controller.signal,
    touch(): void {
      clearTimeout(timer);
      timer = setTimeout(abort, patience);
    },
    stop(): void {
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", abort);
    },
  };
}

function refused(address: string, status: number): PlimsollError {
  return new PlimsollError("feed.unreachable", `${address} answers with status ${status}`, {
    hint: "try again later; the advisories that are there stay in use",
  });
}

function unreachable(address: string, why: string, cause?: unknown): PlimsollError {
  return new PlimsollError("feed.unreachable", `${address} cannot be fetched: ${why}`, {
    hint: "look at the network; the advisories that are there stay in use",
    ...(cause === undefined ? {} : { cause }),
  });
}

function tooLarge({ address, limit }: FetchRequest): PlimsollError {
  return new PlimsollError("feed.limit", `${address} has more than ${Math.round(limit / 2 ** 20)} MiB`, {
    hint: "look at what this address serves",
  });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : "unknown reason";
}
