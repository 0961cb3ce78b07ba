import { type Digest, PlimsollError } from "../../core/index.ts";
import { type HttpAnswer, HttpFailure } from "../../host/index.ts";
import type { Transport } from "./transport.ts";

/** Which blob, and which bytes of it. */
export interface BlobRange {
  readonly path: string;
  readonly scope: string;
  readonly digest: Digest;
  /** Bytes of the whole blob, as its descriptor says; it is held to that. */
  readonly size?: number | undefined;
  readonly start?: number | undefined;
  /** Before which byte to stop. */
  readonly end?: number | undefined;
}

/** How often a blob that breaks off is gone on with. */
const resumptions = 16;

/**
 * A blob's bytes as they arrive; where they break off it is asked for the rest (RFC 9110, section 14.2). `expect` throws
 * for an answer of another status than those named. Throws `image.invalid` when the blob has another size than it should.
 */
export async function* readBlob(
  transport: Transport,
  blob: BlobRange,
  expect: (answer: HttpAnswer, statuses: readonly number[], what: string) => void,
): AsyncGenerator<Uint8Array> {
  const { digest, size, start = 0, end } = blob;
  const until = end ?? size;
  let at = start;
  for (let attempt = 0; ; attempt++) {
    const from = at;
    try {
      const isPart = from > start || start > 0 || end !== undefined;
      const range = isPart ? `bytes=${from}-${until === undefined ? "" : until - 1}` : undefined;
      for await (const bytes of await openAt(transport, blob, from, range, expect)) {
        const room = until === undefined ? bytes.length : until - at;
        if (bytes.length > room && end === undefined) throw wrongSize(digest, `more than ${at + room}`, at + room);
        const part = bytes.length > room ? bytes.subarray(0, room) : bytes;
        at += part.length;
        if (part.length > 0) yield part;
        if (at === end) return;
      }
      if (until === undefined || at === until) return;
      // The answer was whole and yet too short.
      if (at === from || attempt >= resumptions) throw wrongSize(digest, String(at), until);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      if (at === until) return;
      if (attempt >= (at === from ? 3 : resumptions)) throw transport.failed(error);
    }
    await transport.pause(Math.min(4000, 250 * 2 ** attempt));
  }
}

/** The bytes from `at` on, whether the registry heeds the range or sends all. */
function openAt(
  transport: Transport,
  { path, scope, digest }: BlobRange,
  at: number,
  range: string | undefined,
  expect: (answer: HttpAnswer, statuses: readonly number[], what: string) => void,
): Promise<AsyncIterable<Uint8Array>> {
  const exchange = { method: "GET", to: path, scope, ...(range === undefined ? {} : { headers: { range } }) } as const;
  return transport.send(exchange, (answer) => {
    if (answer.status === 416) {
      answer.discard();
      throw invalid(`blob ${digest} ends before byte ${at}`);
    }
    expect(answer, range === undefined ? [200] : [200, 206], `blob ${digest}`);
    if (answer.status === 200) return Promise.resolve(after(answer.body(), at));
    const first = /^bytes (\d{1,16})-/.exec(answer.header("content-range") ?? "")?.[1];
    if (Number(first) === at) return Promise.resolve(answer.body());
    answer.discard();
    throw invalid(`another part of blob ${digest} came than was asked for`);
  });
}

async function* after(parts: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const part of parts) {
    if (left < part.length) yield part.subarray(left);
    left = Math.max(0, left - part.length);
  }
}

function invalid(message: string): PlimsollError {
  return new PlimsollError("image.invalid", message, { hint: "ask whoever runs the registry" });
}

function wrongSize(digest: Digest, has: string, should: number): PlimsollError {
  return invalid(`blob ${digest} has ${has} bytes and should have ${should}`);
}
