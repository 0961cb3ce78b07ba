import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createHash } from "node:crypto";
import type { Digest } from "../../src/core/index.ts";

/** A registry in this process that answers as a test says. */
export interface FakeRegistry {
  /** "127.0.0.1:PORT". */
  readonly host: string;
  /** Every request that came: method, path with query, headers. */
  readonly seen: { readonly line: string; readonly headers: IncomingMessage["headers"] }[];
  close(): Promise<void>;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export async function fakeRegistry(answer: Answer): Promise<FakeRegistry> {
  const seen: FakeRegistry["seen"] = [];
  const server = createServer((request, response) => {
    request.resume();
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    response.on("error", () => {});
    if (request.url === "/v2/" && !request.headers.authorization) response.writeHead(200).end("{}");
    else answer(request, response);
  });
  const host = await new Promise<string>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? `127.0.0.1:${address.port}` : "");
    });
  });
  return {
    host,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
