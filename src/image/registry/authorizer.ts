import { PlimsollError } from "../../core/index.ts";
import { objectOf, parseObject, textOf } from "../json.ts";
import { type HttpAnswer, HttpFailure, type HttpRequest } from "../../host/index.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import type { Credential } from "./credentials.ts";
import { isLoopback } from "./reference.ts";

interface Token {
  readonly value: string;
  /** By the time this process has been running, in seconds. */
  readonly until: number;
}

/** What an authorizer needs: a way to send, the login, and leave to use plain HTTP. */
export interface Permit {
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
  readonly credential: () => Promise<Credential | undefined>;
  readonly plainAllowed: (host: string) => boolean;
}

/**
 * Answers what a registry asks for: Basic (RFC 7617), or bearer tokens as the distribution project's token authentication
 * specification has them. Tokens are kept for each scope until shortly before they expire. Nothing it throws holds a secret.
 */
export class Authorizer {
  readonly #registry: string;
  readonly #permit: Permit;
  readonly #tokens = new Map<string, Token>();
  #challenge: Challenge | undefined;
  #credential: Promise<Credential | undefined> | undefined;

  constructor(registry: string, permit: Permit) {
    this.#registry = registry;
    this.#permit = permit;
  }

  /** The `authorization` header for a scope, as far as it is known without asking. */
  async header(scope: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    if (!this.#challenge) return undefined;
    if (this.#challenge.scheme === "basic") return this.#basic();
    const kept = this.#tokens.get(scope);
    if (kept && kept.until > process.uptime()) return `Bearer ${kept.value}`;
    return this.#fetch(this.#challenge, scope, signal);
  }

  /** After a 401: the header to try again with; undefined when there is nothing more to offer. */
  async answer(response: HttpAnswer, scope: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    const challenges = parseChallenges(response.header("www-authenticate") ?? "");
    const challenge = challenges.find(({ scheme }) => scheme === "bearer" || scheme === "basic");
    if (!challenge) return undefined;
    this.#challenge = challenge;
    this.#tokens.delete(scope);
    return challenge.scheme === "basic" ? this.#basic() : this.#fetch(challenge, scope, signal);
  }

  /** Whether a login was found for this registry: it tells "log in" from "not allowed". */
  async hasLogin(): Promise<boolean> {
    return (await this.#login()) !== undefined;
  }

  #login(): Promise<Credential | undefined> {
    this.#credential ??= this.#permit.credential();
    return this.#credential;
  }

  async #basic(): Promise<string | undefined> {
    const login = await this.#login();
    return login?.kind === "basic" ? basicHeader(login) : undefined;
  }

  async #fetch({ parameters }: Challenge, scope: string, signal: AbortSignal | undefined): Promise<string> {
    const login = await this.#login();
    if (login?.kind === "bearer") return `Bearer ${login.token}`;
    const realm = this.#realm(parameters["realm"] ?? "");
    const service = parameters["service"];
    const answer = await this.#permit.send({ ...request(realm, service, scope, login), signal });
    if (answer.status !== 200) {
      answer.discard();
      // Such a failure may pass: whoever sends tries again.
      if (answer.status === 429 || answer.status >= 500)
        throw new HttpFailure("broken", `gives no token now (HTTP ${answer.status})`);
      throw this.#refused(
        answer.status === 401 || answer.status === 403
          ? login
            ? "does not accept the login that is stored for it"
            : "gives no token without a login"
          : `gives no token (HTTP ${answer.status})`,
      );
    }
    const bytes = await answer.bytes(1 << 20);
    const token = bytes && tokenOf(bytes);
    if (!token) throw this.#refused("gives a token that cannot be read");
    this.#tokens.set(scope, token);
    return `Bearer ${token.value}`;
  }

  #realm(text: string): URL {
    let url: URL | undefined;
    try {
      url = new URL(text);
    } catch {
      // Said below, with all others that cannot be used.
    }
    const plain = url?.protocol === "http:" && (isLoopback(url.host) || this.#permit.plainAllowed(url.host));
    if (!url || url.username || url.password || (url.protocol !== "https:" && !plain))
      throw this.#refused("sends for tokens to an address that is not safe");
    return url;
  }

  #refused(why: string): PlimsollError {
    return new PlimsollError("image.unreachable", `${this.#registry} ${why}`, {
      hint: `docker login${this.#registry === "docker.io" ? "" : ` ${this.#registry}`}`,
    });
  }
}

function basicHeader({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function request(
  realm: URL,
  service: string | undefined,
  scope: string,
  login: Exclude<Credential, { readonly kind: "bearer" }> | undefined,
): HttpRequest {
  if (login?.kind === "identity") {
    const form = new URLSearchParams({
      grant_type: "refresh_token",
      client_id: "plimsoll",
      ...(service === undefined ? {} : { service }),
      scope,
      refresh_token: login.token,
    });
    return {
      url: realm,
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: Buffer.from(form.toString()),
    };
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.append("scope", scope);
  return { url, method: "GET", ...(login ? { headers: { authorization: basicHeader(login) } } : {}) };
}

function tokenOf(bytes: Uint8Array): Token | undefined {
  let answer;
  try {
    answer = objectOf(parseObject(bytes, "a token"));
  } catch {
    return undefined;
  }
  const value = textOf(answer?.["token"]) ?? textOf(answer?.["access_token"]);
  // What would break the header is no token.
  if (!value || !/^[\x21-\x7e]{1,65536}$/.test(value)) return undefined;
  const said = answer?.["expires_in"];
  const seconds = typeof said === "number" && said > 0 ? Math.min(said, 86_400) : 60;
  return { value, until: process.uptime() + seconds * 0.9 };
}
