import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { fetchFile, type FetchRequest } from "./fetch-file.ts";

const root = mkdtempSync(join(tmpdir(), "plimsoll-fetch-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs a server for one test. */
async function served(listener: RequestListener, work: (base: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const request = (name: string, address: string, more: Partial<FetchRequest> = {}): FetchRequest => ({
  address,
  path: join(root, name),
  limit: 1 << 20,
  ...more,
});
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe("fetching a file", () => {
  it("asks again only for what changed", async () => {
    let asked = 0;
    await served(
      (incoming, response) => {
        asked++;
        response.setHeader("etag", '"a"');
        response.statusCode = incoming.headers["if-none-match"] === '"a"' ? 304 : 200;
        response.end(response.statusCode === 304 ? undefined : "content");
      },
      async (base) => {
        expect(await fetchFile(request("again", base))).toEqual({ outcome: "fetched" });
        expect(await fetchFile(request("again", base))).toEqual({ outcome: "unchanged" });
        writeFileSync(join(root, "again"), "touched by another");
        expect(await fetchFile(request("again", base))).toEqual({ outcome: "fetched" });
      },
    );
    expect(asked).toBe(3);
    expect(readFileSync(join(root, "again"), "utf8")).toBe("content");
  });

  it("refuses what does not match its checksum, and what is there stays", async () => {
    await served(
      (_, response) => response.setHeader("x-goog-hash", "crc32c=AAAAAA==,md5=AAAAAAAAAAAAAAAAAAAAAA==").end("content"),
      async (base) => {
        writeFileSync(join(root, "sum"), "before");
        await expect(fetchFile(request("sum", base))).rejects.toEqual(code("feed.invalid"));
        expect(readFileSync(join(root, "sum"), "utf8")).toBe("before");
      },
    );
    const source = join(root, "source");
    writeFileSync(source, "content");
    const sha256 = createHash("sha256").update("content").digest("hex");
    const address = pathToFileURL(source).href;
    expect(await fetchFile(request("right", address, { sha256 }))).toEqual({ outcome: "fetched" });
    await expect(fetchFile(request("wrong", address, { sha256: "0".repeat(64) }))).rejects.toEqual(
      code("feed.invalid"),
    );
  });

  it("stops at the limit, said beforehand or not", async () => {
    for (const stated of [true, false])
      await served(
        (_, response) => {
          if (stated) response.setHeader("content-length", 2 << 20);
          response.write(Buffer.alloc(2 << 20));
          response.end();
        },
        async (base) => {
          await expect(fetchFile(request("large", base))).rejects.toEqual(code("feed.limit"));
          expect(existsSync(join(root, "large"))).toBe(false);
        },
      );
  });

  it("gives up on a server that goes silent, and on one that breaks off", async () => {
    await served(
      (_, response) => void response.write("some"),
      (base) => expect(fetchFile(request("silent", base, { patience: 200 }))).rejects.toEqual(code("feed.unreachable")),
    );
    await served(
      (_, response) => void response.writeHead(200, { "content-length": 100 }).write("some", () => response.destroy()),
      (base) => expect(fetchFile(request("broken", base))).rejects.toEqual(code("feed.unreachable")),
    );
  });

  it("starts anew when the server no longer has the file that was begun", async () => {
    const seen: string[] = [];
    await served(
      (incoming, response) => {
        seen.push(incoming.headers.range ?? "whole");
        response.setHeader("etag", '"a"');
        if (seen.length === 1)
          return void response
            .writeHead(200, { "content-length": 100 })
            .write("x".repeat(50), () => response.destroy());
        if (incoming.headers.range) return response.writeHead(416).end();
        return response.end("short");
      },
      async (base) => {
        await expect(fetchFile(request("anew", base))).rejects.toEqual(code("feed.unreachable"));
        expect(await fetchFile(request("anew", base))).toEqual({ outcome: "fetched" });
      },
    );
    expect(seen).toEqual(["whole", "bytes=50-", "whole"]);
    expect(readFileSync(join(root, "anew"), "utf8")).toBe("short");
  });

  it("follows redirects only to where it could have been sent itself", async () => {
    for (const location of ["file:///etc/passwd", "http://192.0.2.1/", "/circle"])
      await served(
        (_, response) => response.writeHead(302, { location }).end(),
        (base) => expect(fetchFile(request("redirected", base))).rejects.toBeInstanceOf(Error),
      );
    for (const address of ["http://example.com/a", "ftp://127.0.0.1/a", "nonsense"])
      await expect(fetchFile(request("address", address))).rejects.toEqual(code("usage.unknown-option"));
    expect(await fetchFile(request("absent", pathToFileURL(join(root, "not-there")).href))).toEqual({
      outcome: "missing",
    });
  });
});
