import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { connectBySsh, type HttpOptions, readSshAddress } from "../../host/index.ts";
import { objectOf, parseObject, textOf } from "../json.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Where an engine listens. */
export interface EngineAddress {
  /** As a user would write it: "unix:///var/run/docker.sock". */
  readonly name: string;
  /** What requests start with; undefined for an address that cannot be read. */
  readonly base?: URL;
  readonly options: HttpOptions;
  /** Whether it runs on this very machine, as far as its address tells. */
  readonly local: boolean;
}

/**
 * The engines to ask, first choice first: the one DOCKER_HOST names, else that of DOCKER_CONTEXT or of Docker's current
 * context, else CONTAINER_HOST, else whichever of the usual sockets of Docker and podman are there.
 */
export function engineAddresses(env: Env): readonly EngineAddress[] {
  const host = env["DOCKER_HOST"];
  if (host) return [addressOf(host, env, env["DOCKER_CERT_PATH"], env["DOCKER_TLS_VERIFY"])];
  const context = contextAddress(env);
  if (context) return [context];
  const podman = env["CONTAINER_HOST"];
  if (podman) return [addressOf(podman, env)];
  const runtime = env["XDG_RUNTIME_DIR"];
  const usual = [
    "/var/run/docker.sock",
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    ...(env["HOME"] ? [join(env["HOME"], ".docker/run/docker.sock")] : []),
    ...(runtime ? [join(runtime, "podman/podman.sock")] : []),
    "/run/podman/podman.sock",
    "\\\\.\\pipe\\docker_engine",
  ].filter((path) => existsSync(path));
  return (usual.length > 0 ? usual : ["/var/run/docker.sock"]).map((path) => addressOf(`unix://${path}`, env));
}

/** Reads an address as DOCKER_HOST has it; `certificates` is a folder with ca.pem, cert.pem and key.pem. */
export function addressOf(name: string, env: Env, certificates?: string, verify?: string): EngineAddress {
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(name)?.[1];
  if (socket !== undefined) {
    const socketPath = name.startsWith("npipe") ? socket.replaceAll("/", "\\") : socket;
    return { name, base: new URL("http://engine/"), options: { socketPath, times: patient }, local: true };
  }
  const far = readSshAddress(name);
  if (far)
    return {
      name: withoutUser(name),
      base: new URL("http://engine/"),
      options: { connect: () => connectBySsh(far, env), times: patient },
      local: false,
    };
  const tcp = /^(?:tcp|https?):\/\/((?:\[[0-9a-f:]+\]|[\w.-]+)(?::\d{1,5})?)\/?$/i.exec(name)?.[1];
  const tls = name.startsWith("https:") || Boolean(verify) || certificates !== undefined;
  const base = tcp === undefined ? undefined : withPort(tcp, tls);
  return {
    name: tcp === undefined ? withoutUser(name) : name,
    ...(base ? { base } : {}),
    options: { times: patient, ...(tls && certificates !== undefined ? { tls: readCertificates(certificates) } : {}) },
    local: false,
  };
}

function withoutUser(address: string): string {
  return address.replace(/\/\/[^/@]*@/, "//");
}

/** An engine may take minutes to put an image together before it sends the first byte. */
const patient = { answer: 600_000, idle: 300_000, slow: 300_000 };

function withPort(hostAndPort: string, tls: boolean): URL | undefined {
  try {
    const port = /:\d+$/.test(hostAndPort) ? "" : tls ? ":2376" : ":2375";
    return new URL(`${tls ? "https" : "http"}://${hostAndPort}${port}/`);
  } catch {
    return undefined;
  }
}

function readCertificates(directory: string): NonNullable<HttpOptions["tls"]> {
  const read = (name: string): Uint8Array | undefined => readSmall(join(directory, `${name}.pem`));
  const [ca, cert, key] = [read("ca"), read("cert"), read("key")];
  return { ...(ca ? { ca } : {}), ...(cert && key ? { cert, key } : {}) };
}

/** Docker keeps a context's address under the digest of its name. */
function contextAddress(env: Env): EngineAddress | undefined {
  const directory = env["DOCKER_CONFIG"] || (env["HOME"] ? join(env["HOME"], ".docker") : undefined);
  if (directory === undefined) return undefined;
  const name = env["DOCKER_CONTEXT"] || textOf(readJson(join(directory, "config.json"))?.["currentContext"]);
  if (!name || name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  const endpoints = objectOf(readJson(join(directory, "contexts/meta", id, "meta.json"))?.["Endpoints"]);
  const host = textOf(objectOf(endpoints?.["docker"])?.["Host"]);
  if (!host) return { name: `context ${name}`, options: {}, local: false };
  const certificates = join(directory, "contexts/tls", id, "docker");
  return existsSync(certificates) ? addressOf(host, env, certificates) : addressOf(host, env);
}

function readJson(path: string) {
  const bytes = readSmall(path);
  try {
    return bytes && parseObject(bytes, path);
  } catch {
    return undefined;
  }
}

function readSmall(path: string): Uint8Array | undefined {
  try {
    const status = statSync(path);
    return status.isFile() && status.size <= 1 << 20 ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}
