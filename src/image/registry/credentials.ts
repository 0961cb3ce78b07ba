import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Json, objectOf, parseObject, textOf } from "../json.ts";
import { askHelper } from "./credential-helper.ts";

/** How to prove to a registry who we are. */
export type Credential =
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  /** Exchanged for access tokens (`identitytoken`). */
  | { readonly kind: "identity"; readonly token: string }
  /** Sent as it is (`registrytoken`). */
  | { readonly kind: "bearer"; readonly token: string };

type Env = Readonly<Record<string, string | undefined>>;

interface Settings {
  readonly auths: Json;
  readonly helpers: Json;
  readonly store?: string;
}

/**
 * The login for a repository, from the first of these that has one: `DOCKER_AUTH_CONFIG` (the text itself),
 * `REGISTRY_AUTH_FILE`, Docker's config.json (`DOCKER_CONFIG` or ~/.docker), podman's auth.json. Undefined: anonymous.
 */
export async function findCredential(registry: string, repository: string, env: Env): Promise<Credential | undefined> {
  for (const settings of settingsOf(env)) {
    const helper = textOf(settings.helpers[registry]) ?? textOf(settings.helpers[`https://${registry}`]);
    for (const name of [helper, settings.store]) {
      const found = name === undefined ? undefined : await askHelper(name, serverOf(registry), env);
      if (found) return found;
    }
    const found = fromFile(settings.auths, registry, repository);
    if (found) return found;
  }
  return undefined;
}

/** Docker Hub's logins are kept under the address of its first index. */
const hubServer = "https://index.docker.io/v1/";

function serverOf(registry: string): string {
  return registry === "docker.io" ? hubServer : registry;
}

/** Logins may be kept for a registry, or for a namespace in it: the nearest counts (containers-auth.json(5)). */
function fromFile(auths: Json, registry: string, repository: string): Credential | undefined {
  const byKey = new Map(Object.entries(auths).map(([key, value]) => [bareKey(key), value]));
  const parts = repository.split("/");
  const hosts = registry === "docker.io" ? ["index.docker.io", "docker.io", "registry-1.docker.io"] : [registry];
  for (let length = parts.length; length >= 0; length--) {
    for (const host of hosts) {
      const found = credentialOf(objectOf(byKey.get([host, ...parts.slice(0, length)].join("/"))));
      if (found) return found;
    }
  }
  return undefined;
}

/** Old logins are kept under "https://host/v1/" and the like. */
function bareKey(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/(?:\/v[12])?\/?$/, "");
}

function credentialOf(entry: Json | undefined): Credential | undefined {
  if (!entry) return undefined;
  const registryToken = textOf(entry["registrytoken"]);
  if (registryToken) return { kind: "bearer", token: registryToken };
  const identity = textOf(entry["identitytoken"]);
  if (identity) return { kind: "identity", token: identity };
  const decoded = Buffer.from(textOf(entry["auth"]) ?? "", "base64")
    .toString("utf8")
    .replace(/\0+$/, "");
  const colon = decoded.indexOf(":");
  const username = colon > 0 ? decoded.slice(0, colon) : textOf(entry["username"]);
  const password = colon > 0 ? decoded.slice(colon + 1) : textOf(entry["password"]);
  if (!username || !password) return undefined;
  return username === "<token>" ? { kind: "identity", token: password } : { kind: "basic", username, password };
}

function* settingsOf(env: Env): Generator<Settings> {
  const { HOME: home, DOCKER_CONFIG: docker, XDG_RUNTIME_DIR: runtime, XDG_CONFIG_HOME: config } = env;
  const said = env["DOCKER_AUTH_CONFIG"];
  if (said) yield* readSettings(Buffer.from(said));
  const files = [
    env["REGISTRY_AUTH_FILE"],
    docker ? join(docker, "config.json") : home && join(home, ".docker/config.json"),
    runtime && join(runtime, "containers/auth.json"),
    config ? join(config, "containers/auth.json") : home && join(home, ".config/containers/auth.json"),
  ];
  for (const file of files) {
    const bytes = file ? readSmall(file) : undefined;
    if (bytes) yield* readSettings(bytes);
  }
}

function readSmall(path: string): Uint8Array | undefined {
  try {
    const status = statSync(path);
    return status.isFile() && status.size <= 4 << 20 ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** A file that does not parse counts as none: the registry then says what is missing. */
function* readSettings(bytes: Uint8Array): Generator<Settings> {
  let file: Json;
  try {
    file = parseObject(bytes, "a file of logins");
  } catch {
    return;
  }
  const store = textOf(file["credsStore"]);
  yield {
    auths: objectOf(file["auths"]) ?? {},
    helpers: objectOf(file["credHelpers"]) ?? {},
    ...(store ? { store } : {}),
  };
}
