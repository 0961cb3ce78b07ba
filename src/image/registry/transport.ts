import { setTimeout as sleep } from "node:timers/promises";
import { PlimsollError } from "../../core/index.ts";
import { type HttpAnswer, HttpClient, HttpFailure, type HttpRequest, type HttpTimes } from "../../host/index.ts";
import { Authorizer } from "./authorizer.ts";
import type { Credential } from "./credentials.ts";
import { hostOf, isLoopback } from "./reference.ts";

export interface TransportOptions {
  /** The login for this registry, asked for only when it wants one. */
  readonly credential?: () => Promise<Credential | undefined>;
  /** Whether plain HTTP will do where HTTPS does not answer; on this machine it always does. */
  readonly insecure?: boolean;
  readonly times?: HttpTimes;
  /** HTTPS_PROXY, NO_PROXY and the like. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** How to wait between tries; replaced in tests. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

export interface Exchange {
  readonly method: HttpRequest["method"];
  /** A path from the registry's root, or an address it gave. */
  readonly to: string | URL;
  /** "repository:library/debian:pull". */
  readonly scope: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
}

const tries = 4;
const firstWait = 500;
/** A registry that wants us to wait longer is not waited for. */
const longestWait = 30_000;
const redirects = 5;

/**
 * Exchanges with one registry: finds out how it is spoken to, proves who we are, follows redirects without the login, and
 * tries again what may succeed then. Throws `image.unreachable`; nothing it throws holds a login, a token or an address's query.
 */
export class Transport {
  readonly #registry: string;
  readonly #options: TransportOptions;
  readonly #client: HttpClient;
  readonly #authorizer: Authorizer;
  #base: Promise<URL> | undefined;

  constructor(registry: string, options: TransportOptions = {}) {
    this.#registry = registry;
    this.#options = options;
    this.#client = new HttpClient({ times: options.times, env: options.env });
    this.#authorizer = new Authorizer(registry, {
      send: (request) => this.#client.send(request),
      credential: options.credential ?? (() => Promise.resolve(undefined)),
      plainAllowed: (host) => options.insecure === true && host === hostOf(registry),
    });
  }

  /**
   * Sends, and reads the answer with `read`; when either breaks off, or the registry says to come back later, again after
   * a while. A body that is a stream is sent once only.
   */
  async send<T>(exchange: Exchange, read: (answer: HttpAnswer, url: URL) => Promise<T>): Promise<T> {
    const once = exchange.body !== undefined && !(exchange.body instanceof Uint8Array);
    for (let attempt = 1; ; attempt++) {
      const last = once || attempt === tries;
      try {
        const { answer, url } = await this.#authorized(exchange);
        if (answer.status !== 429 && answer.status < 500) return await read(answer, url);
        answer.discard();
        const wait = waitOf(answer) ?? firstWait * 2 ** (attempt - 1);
        if (last || wait > longestWait) throw this.#later(answer);
        await this.pause(wait);
      } catch (error) {
        if (!(error instanceof HttpFailure)) throw error;
        if (last || (error.kind !== "silent" && error.kind !== "broken")) throw this.failed(error);
        await this.pause(firstWait * 2 ** (attempt - 1));
      }
    }
  }

  /** Waits; rejects when the work is called off. */
  async pause(milliseconds: number): Promise<void> {
    const { wait, signal } = this.#options;
    await (wait ? wait(milliseconds) : sleep(milliseconds, undefined, signal ? { signal } : {}));
    signal?.throwIfAborted();
  }

  failed(failure: HttpFailure): PlimsollError {
    return new PlimsollError("image.unreachable", `${this.#registry} ${failure.message}`, {
      hint: "look at the name and the network, or save the image to a file and name that",
    });
  }

  close(): void {
    this.#client.close();
  }

  async #authorized(exchange: Exchange): Promise<{ answer: HttpAnswer; url: URL }> {
    const { signal } = this.#options;
    const base = await this.#root();
    const url = typeof exchange.to === "string" ? new URL(exchange.to, base) : exchange.to;
    // An upload may be sent elsewhere; there the login has no business.
    const ours = url.origin === base.origin;
    const header = ours ? await this.#authorizer.header(exchange.scope, signal) : undefined;
    const first = await this.#follow(exchange, url, header);
    // Only the registry itself may ask who we are, not where it redirects to.
    if (first.answer.status !== 401 || first.url.origin !== base.origin) return first;
    first.answer.discard();
    const renewed = await this.#authorizer.answer(first.answer, exchange.scope, signal);
    const streamed = exchange.body !== undefined && !(exchange.body instanceof Uint8Array);
    if (renewed === undefined || streamed) throw await this.#denied();
    const second = await this.#follow(exchange, url, renewed);
    if (second.answer.status !== 401) return second;
    second.answer.discard();
    throw await this.#denied();
  }

  async #follow(
    { method, headers, body }: Exchange,
    start: URL,
    authorization: string | undefined,
  ): Promise<{ answer: HttpAnswer; url: URL }> {
    let url = start;
    for (let hops = 0; ; hops++) {
      const login = authorization !== undefined && url.origin === start.origin ? { authorization } : {};
      const answer = await this.#client.send({
        url,
        method,
        headers: { "accept-encoding": "identity", "user-agent": "plimsoll", ...headers, ...login },
        ...(body === undefined ? {} : { body }),
        signal: this.#options.signal,
      });
      const location = [301, 302, 303, 307, 308].includes(answer.status) ? answer.header("location") : undefined;
      if (location === undefined || (method !== "GET" && method !== "HEAD")) return { answer, url };
      answer.discard();
      if (hops === redirects) throw this.#refused(`redirects more than ${redirects} times`);
      url = this.#target(location, url);
    }
  }

  /** Where a redirect leads: HTTPS, or plain HTTP where the registry itself may be spoken to so. */
  #target(location: string, from: URL): URL {
    let url: URL | undefined;
    try {
      url = new URL(location, from);
    } catch {
      // Said below.
    }
    const plain =
      url?.protocol === "http:" && from.protocol === "http:" && (isLoopback(url.host) || this.#mayBePlain());
    if (!url || url.username || url.password || (url.protocol !== "https:" && !plain))
      throw this.#refused("redirects to an address that is not safe");
    return url;
  }

  #mayBePlain(): boolean {
    return this.#options.insecure === true;
  }

  #root(): Promise<URL> {
    this.#base ??= this.#findRoot();
    return this.#base;
  }

  /** On this machine plain HTTP is the custom, elsewhere HTTPS; the other is tried when that brings nothing. */
  async #findRoot(): Promise<URL> {
    const host = hostOf(this.#registry);
    const secure = new URL(`https://${host}`);
    const plain = new URL(`http://${host}`);
    if (!isLoopback(host) && !this.#mayBePlain()) return secure;
    const order = isLoopback(host) ? [plain, secure] : [secure, plain];
    let failure: HttpFailure | undefined;
    for (const root of order) {
      try {
        const url = new URL("/v2/", root);
        const answer = await this.#client.send({ url, method: "GET", signal: this.#options.signal });
        answer.discard();
        if (root === plain && answer.status === 400) continue;
        return root;
      } catch (error) {
        if (!(error instanceof HttpFailure)) throw error;
        failure ??= error;
      }
    }
    throw this.failed(failure ?? new HttpFailure("broken", "does not speak HTTP"));
  }

  async #denied(): Promise<PlimsollError> {
    const known = await this.#authorizer.hasLogin();
    return this.#refused(
      known
        ? "does not let the login that is stored for it do this"
        : "wants a login for this image, or does not have it",
      `docker login${this.#registry === "docker.io" ? "" : ` ${this.#registry}`}`,
    );
  }

  #refused(why: string, hint = "ask whoever runs the registry"): PlimsollError {
    return new PlimsollError("image.unreachable", `${this.#registry} ${why}`, { hint });
  }

  #later(answer: HttpAnswer): PlimsollError {
    if (answer.status !== 429)
      return this.#refused(`cannot answer now (HTTP ${answer.status})`, "try again in a while");
    const said = ["ratelimit-limit", "ratelimit-remaining", "retry-after"].flatMap((name) => {
      const value = answer.header(name);
      // Figures and nothing else: an answer may echo what it was asked with.
      return value !== undefined && /^\d{1,9}(?:;w=\d{1,9})?$/.test(value) ? [`${name} ${value}`] : [];
    });
    return this.#refused(
      `limits how often it may be asked (${["HTTP 429", ...said].join(", ")})`,
      "log in for a higher limit, wait, or name a mirror",
    );
  }
}

/** `Retry-After` in milliseconds; a date counts from the answer's own. */
function waitOf(answer: HttpAnswer): number | undefined {
  const text = answer.header("retry-after");
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const span = Date.parse(text) - Date.parse(answer.header("date") ?? "");
  return span >= 0 ? span : undefined;
}
