import { Agent as PlainAgent, type AgentOptions, type IncomingMessage, request as httpRequest } from "node:http";
import { type Agent as SecureAgent, request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { ProxyRefusal, proxyFor, throughProxy, openTunnelAgent } from "./proxy.ts";

/** How long each part of an exchange may take, in milliseconds. */
export interface HttpTimes {
  /** From the request to the end of the answer's headers. */
  readonly answer: number;
  /** Between two pieces of a body. */
  readonly idle: number;
  /** A body that brings fewer than `slowBytes` in this time has stalled, however steadily it drips. */
  readonly slow: number;
}

export const defaultHttpTimes: HttpTimes = { answer: 60_000, idle: 60_000, slow: 60_000 };

/** A body slower than this many bytes in `HttpTimes.slow` is given up. */
const slowBytes = 16 << 10;

export interface HttpRequest {
  readonly url: URL;
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is; with a stream, `content-length` belongs into the headers. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** A header's value by its lower case name; several of one name are joined by ", ". */
  header(name: string): string | undefined;
  /** The body as it arrives. It must be read to its end, or dropped with `discard`. */
  body(): AsyncIterable<Uint8Array>;
  /** The whole body; undefined when it is longer than `limit` bytes. */
  bytes(limit: number): Promise<Uint8Array | undefined>;
  discard(): void;
}

/** Why an exchange came to nothing. It names neither the address nor anything that was sent. */
export class HttpFailure extends Error {
  /** "refused": nobody listens there; "secure": the two do not agree on TLS; "silent": too slow; "broken": cut off or no HTTP. */
  readonly kind: "refused" | "unknown-host" | "secure" | "certificate" | "silent" | "broken";

  constructor(kind: HttpFailure["kind"], message: string) {
    super(message);
    this.name = "HttpFailure";
    this.kind = kind;
  }
}

export interface HttpOptions {
  readonly times?: HttpTimes | undefined;
  /** A Unix socket, or a named pipe, that all requests go to whatever their address says. */
  readonly socketPath?: string | undefined;
  /** What plain requests go through in place of a connection of our own, a new one each. */
  readonly connect?: (() => Duplex) | undefined;
  /** HTTPS_PROXY, NO_PROXY and the like; without it nothing goes through a proxy. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** PEM texts: whom to trust, and who we are. */
  readonly tls?: { readonly ca?: Uint8Array; readonly cert?: Uint8Array; readonly key?: Uint8Array } | undefined;
}

/** A server's name is of no use without TLS, and finding out that it is no address takes Node some milliseconds. */
const plainSettings: AgentOptions & { readonly servername: string } = {
  keepAlive: true,
  maxSockets: 8,
  servername: "",
};

/** Connections that are kept for the next request. Headers are bounded by Node (16 KiB), bodies by who reads them. */
export class HttpClient {
  readonly #times: HttpTimes;
  readonly #socket: { readonly socketPath?: string };
  readonly #plain: PlainAgent = new PlainAgent(plainSettings);
  readonly #connect: HttpOptions["connect"];
  readonly #tls: HttpOptions["tls"];
  readonly #env: NonNullable<HttpOptions["env"]>;
  #secure: SecureAgent | undefined;

  constructor({ times = defaultHttpTimes, socketPath, connect, tls, env = {} }: HttpOptions = {}) {
    this.#times = times;
    this.#socket = socketPath === undefined ? {} : { socketPath };
    this.#connect = connect;
    this.#env = env;
    this.#tls = tls;
  }

  /** Sends one request; follows nothing, retries nothing. Rejects with `HttpFailure`, or with the signal's reason. */
  send({ url, method, headers = {}, body, signal }: HttpRequest): Promise<HttpAnswer> {
    const secure = url.protocol === "https:";
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const proxy = secure ? undefined : proxyFor(url, this.#env);
      const proxied = proxy && throughProxy(proxy, url);
      const options = {
        method,
        ...(signal ? { signal } : {}),
        ...this.#socket,
        ...proxied,
        headers: {
          ...proxied?.headers,
          ...(this.#connect ? { connection: "close" } : {}),
          ...headers,
          ...lengthOf(body),
        },
      };
      const request = secure
        ? httpsRequest(url, { ...options, agent: this.#secureAgent() })
        : httpRequest(url, {
            ...options,
            ...(this.#connect ? { createConnection: this.#connect } : { agent: this.#plain }),
          });
      const give = (error: unknown): void => {
        clearTimeout(timer);
        reject(signal?.aborted ? reasonOf(signal) : failureOf(error));
      };
      const silent = (): void => {
        request.destroy(new HttpFailure("silent", "does not answer"));
      };
      // An upload is timed by its pieces, which push the deadline back.
      let timer = setTimeout(silent, this.#times.answer);
      const restart = (): void => {
        clearTimeout(timer);
        timer = setTimeout(silent, this.#times.answer);
      };
      request.on("error", give);
      request.on("response", (message) => {
        clearTimeout(timer);
        resolve(answerOf(message, this.#times, signal));
      });
      if (body === undefined || body instanceof Uint8Array) request.end(body);
      else
        upload(body, request, restart).catch((error: unknown) => {
          request.destroy(error instanceof Error ? error : new Error(String(error)));
        });
    });
  }

  close(): void {
    this.#plain.destroy();
    this.#secure?.destroy();
  }

  /** Made when it is needed: TLS takes a while to load. */
  #secureAgent(): SecureAgent {
    this.#secure ??= openTunnelAgent(this.#env, { keepAlive: true, maxSockets: 8, ...pemOf(this.#tls) });
    return this.#secure;
  }
}

function pemOf(tls: HttpOptions["tls"]): Record<string, Buffer> {
  const pairs = Object.entries(tls ?? {}).map(([name, bytes]): [string, Buffer] => [name, Buffer.from(bytes)]);
  return Object.fromEntries(pairs);
}

function lengthOf(body: HttpRequest["body"]): Record<string, string> {
  return body instanceof Uint8Array ? { "content-length": String(body.length) } : {};
}

async function upload(
  body: AsyncIterable<Uint8Array>,
  request: ReturnType<typeof httpRequest>,
  progressed: () => void,
): Promise<void> {
  for await (const part of body) {
    if (request.destroyed) return;
    progressed();
    if (!request.write(part)) await roomIn(request);
  }
  request.end();
}

/** Waits until more can be written, or until nothing can any more. */
function roomIn(request: ReturnType<typeof httpRequest>): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      request.off("drain", go).off("close", go);
      resolve();
    };
    request.on("drain", go).on("close", go);
  });
}

function answerOf(message: IncomingMessage, times: HttpTimes, signal: AbortSignal | undefined): HttpAnswer {
  const body = (): AsyncGenerator<Uint8Array> => bodyOf(message, times, signal);
  return {
    status: message.statusCode ?? 0,
    header: (name) => {
      const value = message.headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
    body,
    async bytes(limit) {
      const parts: Uint8Array[] = [];
      let length = 0;
      for await (const part of body()) {
        length += part.length;
        if (length > limit) return undefined;
        parts.push(part);
      }
      return Buffer.concat(parts);
    },
    discard: () => {
      // A short rest is let through, so that the connection can be used again.
      if (Number(message.headers["content-length"] ?? Infinity) <= 1 << 16) message.on("error", () => {}).resume();
      else message.destroy();
    },
  };
}

async function* bodyOf(
  message: IncomingMessage,
  times: HttpTimes,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let waiting = true;
  const idle = setTimeout(() => {
    if (waiting) message.destroy(new HttpFailure("silent", "stopped sending"));
  }, times.idle);
  let windowStart = milliseconds();
  let windowBytes = 0;
  try {
    for await (const part of message as AsyncIterable<Buffer>) {
      windowBytes += part.length;
      const now = milliseconds();
      if (now - windowStart > times.slow) {
        if (windowBytes < slowBytes) throw new HttpFailure("silent", "sends too slowly");
        windowStart = now;
        windowBytes = 0;
      }
      waiting = false;
      yield part;
      // What the reader takes for itself is not the sender's slowness.
      windowStart += milliseconds() - now;
      waiting = true;
      idle.refresh();
    }
    if (!message.complete) throw new HttpFailure("broken", "broke off in the middle");
  } catch (error) {
    throw signal?.aborted ? reasonOf(signal) : failureOf(error);
  } finally {
    clearTimeout(idle);
    message.destroy();
  }
}

/** On a clock that is never set back; `performance` would have to be loaded first. */
function milliseconds(): number {
  return process.uptime() * 1000;
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("aborted");
}

/** Codes of Node's errors that mean something to a user. */
const meanings: Readonly<Record<string, readonly [HttpFailure["kind"], string]>> = {
  ECONNREFUSED: ["refused", "does not run"],
  ENOENT: ["refused", "does not run"],
  EACCES: ["refused", "may not be used by this user"],
  ENOTFOUND: ["unknown-host", "is not a known host"],
  EAI_AGAIN: ["unknown-host", "cannot be looked up now"],
  ETIMEDOUT: ["silent", "does not answer"],
  EHOSTUNREACH: ["refused", "cannot be reached"],
  ENETUNREACH: ["refused", "cannot be reached"],
  EPROTO: ["secure", "does not speak TLS as it should"],
  HPE_HEADER_OVERFLOW: ["broken", "sends headers that are too long"],
};

function failureOf(error: unknown): Error {
  if (error instanceof HttpFailure) return error;
  if (error instanceof ProxyRefusal) return new HttpFailure("refused", error.message);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const [kind, message] = meanings[code] ?? [];
  if (kind) return new HttpFailure(kind, message ?? code);
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code))
    return new HttpFailure("certificate", "shows a certificate that is not trusted");
  if (code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS"))
    return new HttpFailure("secure", "does not speak TLS as it should");
  return new HttpFailure("broken", "broke off in the middle");
}
