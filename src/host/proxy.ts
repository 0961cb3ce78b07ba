import { type ClientRequestArgs, request } from "node:http";
import { Agent, type AgentOptions } from "node:https";
import type { Duplex } from "node:stream";
import { connect, type ConnectionOptions } from "node:tls";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an address, as curl and Go's programs choose it: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, in either case, and
 * NO_PROXY with hosts, ".domains", ports and "*". This machine is always spoken to directly.
 */
export function proxyFor(url: URL, env: Env): URL | undefined {
  const said = (name: string): string | undefined => env[name.toLowerCase()] || env[name];
  const text = said(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY") ?? said("ALL_PROXY");
  if (!text || isExcepted(url, said("NO_PROXY") ?? "")) return undefined;
  try {
    const proxy = new URL(text.includes("://") ? text : `http://${text}`);
    return proxy.protocol === "http:" ? proxy : undefined;
  } catch {
    return undefined;
  }
}

function isExcepted({ hostname, port, protocol }: URL, exceptions: string): boolean {
  if (hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname)) return true;
  const at = port || (protocol === "https:" ? "443" : "80");
  return exceptions.split(/[\s,]+/).some((exception) => {
    if (exception === "*") return true;
    const [, host = "", only] = /^(.*?)(?::(\d+))?$/.exec(exception.toLowerCase()) ?? [];
    const domain = host.replace(/^\*?\./, "");
    if (domain === "" || (only !== undefined && only !== at)) return false;
    return hostname === domain || hostname.endsWith(`.${domain}`);
  });
}

/** What to send to a proxy for a plain HTTP request: its address, and the whole target in place of the path. */
export function throughProxy(
  proxy: URL,
  url: URL,
): Pick<ClientRequestArgs, "hostname" | "port" | "path"> & { readonly headers: Readonly<Record<string, string>> } {
  return {
    hostname: proxy.hostname.replace(/[[\]]/g, ""),
    port: proxy.port || 80,
    path: url.href,
    headers: { host: url.host, ...loginOf(proxy) },
  };
}

type Handover = (error: Error | null, socket: Duplex) => void;

/** Connections that reach their servers by `CONNECT` (RFC 9110, section 9.3.6) where the environment names a proxy. */
export function openTunnelAgent(env: Env, settings: AgentOptions): Agent {
  const agent = new Agent(settings);
  const connectDirectly = agent.createConnection.bind(agent);
  // An agent may return a socket or hand it over later; the types know only of the first.
  agent.createConnection = (options: ClientRequestArgs, give: Handover = () => {}): Duplex => {
    const { host, port = 443 } = options;
    const name = host ?? "";
    const target = new URL(`https://${name.includes(":") ? `[${name}]` : name}:${port}`);
    const proxy = proxyFor(target, env);
    if (!proxy) return connectDirectly(options, give);
    const refuse = (error: Error): void => {
      give(error, undefined as unknown as Duplex);
    };
    const authority = `${target.hostname}:${port}`;
    const ask = request({
      ...throughProxy(proxy, target),
      method: "CONNECT",
      path: authority,
      headers: { host: authority, ...loginOf(proxy) },
    });
    ask.on("connect", (answer, socket) => {
      if (answer.statusCode === 200) give(null, connect({ ...(options as ConnectionOptions), socket }));
      else {
        socket.destroy();
        refuse(new ProxyRefusal(answer.statusCode ?? 0));
      }
    });
    ask.on("error", (error) => {
      refuse(error instanceof ProxyRefusal ? error : new ProxyRefusal(0));
    });
    ask.setTimeout(60_000, () => ask.destroy(new ProxyRefusal(0)));
    ask.end();
    return undefined as unknown as Duplex;
  };
  return agent;
}

/** The proxy does not let through, or does not answer. */
export class ProxyRefusal extends Error {
  constructor(status: number) {
    super(
      status === 0 ? "is not reached: the proxy does not answer" : `is not let through by the proxy (HTTP ${status})`,
    );
    this.name = "ProxyRefusal";
  }
}

function loginOf({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}
