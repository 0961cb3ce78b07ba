import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { PlimsollError } from "../core/index.ts";
import { allowedAddress } from "./fetch-address.ts";
import { reasonOf, refused, tooLarge, unreachable } from "./fetch-refusal.ts";
import {
  forgetPartial,
  type Memory,
  memoryOf,
  recall,
  rememberPartial,
  resumable,
  settle,
  startPartial,
} from "./partial-file.ts";
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

/**
 * Fetches a file to a path. An interrupted transfer is taken up where it ended when the server still has the same file; sizes and,
 * where stated, checksums (SHA-256, or the MD5 that storage services send) are compared.
 * @throws PlimsollError feed.unreachable, feed.invalid, feed.limit, usage.unknown-option for an address of another kind
 */
export async function fetchFile(request: FetchRequest): Promise<FetchedFile> {
  const url = allowedAddress(request.address);
  return url.protocol === "file:" ? copyFile(url, request) : download(url, request);
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
    mkdirSync(dirname(request.path), { recursive: true });
    const partial = startPartial(request, 0);
    try {
      for (let at = 0; at < source.size; at += 1 << 20) partial.write(source.read(at, 1 << 20));
    } finally {
      partial.close();
    }
    settle(request, memory, undefined);
    return { outcome: "fetched" };
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
    if (response.status === 416 && begun) {
      await response.body?.cancel();
      forgetPartial(request);
      return await download(url, request);
    }
    if (response.status !== 200 && response.status !== 206) throw refused(request.address, response.status);
    const from = response.status === 206 ? (begun?.size ?? 0) : 0;
    if (response.status === 206 && !response.headers.get("content-range")?.startsWith(`bytes ${from}-`))
      throw unreachable(request.address, "it sends another part than was asked for");
    await receive(response, from, request, patience.touch);
    settle(request, memoryOf(request.address, response), response.headers.get("x-goog-hash") ?? undefined);
    return { outcome: "fetched" };
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
  if (total !== undefined && total > request.limit) throw tooLarge(request.address, request.limit);
  mkdirSync(dirname(request.path), { recursive: true });
  rememberPartial(request, response);
  const partial = startPartial(request, from);
  let received = from;
  try {
    for await (const chunk of response.body ?? []) {
      touch();
      received += chunk.length;
      if (received > request.limit) throw tooLarge(request.address, request.limit);
      partial.write(chunk);
      request.progress?.(received, total);
    }
  } finally {
    partial.close();
  }
  if (total !== undefined && received !== total)
    throw unreachable(request.address, `it ended after ${received} of ${total} bytes`);
}

/** Aborts when nothing has come for a while, or when the caller does. */
function watch(request: FetchRequest) {
  const controller = new AbortController();
  const patience = request.patience ?? 30_000;
  let timer = setTimeout(() => controller.abort(), patience);
  const abort = (): void => controller.abort();
  request.signal?.addEventListener("abort", abort);
  return {
    signal: controller.signal,
    touch(this: void): void {
      clearTimeout(timer);
      timer = setTimeout(abort, patience);
    },
    stop(): void {
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", abort);
    },
  };
}
