import type { Digest } from "../../core/index.ts";
import { isDigest } from "../digest.ts";

/** The name of an image in a registry, every part said. */
export interface Reference {
  /** "docker.io", "ghcr.io", "localhost:5000". */
  readonly registry: string;
  /** "library/debian". */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const repositoryForm = new RegExp(`^${component}(?:/${component})*$`);
const hostForm =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;

/**
 * Reads "debian", "ghcr.io/o/app:1", "localhost:5000/a@sha256:…" as engines do: without a host it is Docker Hub, there
 * without a slash it is official, without tag and digest it is `latest`. Undefined for what is no reference.
 */
export function parseReference(text: string): Reference | undefined {
  if (text.length > 600) return undefined;
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) return undefined;
  const rest = at < 0 ? text : text.slice(0, at);
  const colon = rest.indexOf(":", rest.lastIndexOf("/") + 1);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return undefined;
  const name = colon < 0 ? rest : rest.slice(0, colon);
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const hasHost = /[.:A-Z[]/.test(first) || first === "localhost";
  const host = hasHost ? first : "docker.io";
  const path = hasHost ? name.slice(slash + 1) : name;
  if (!hostForm.test(host) || !repositoryForm.test(path) || name.length > 255) return undefined;
  // Engines keep 64 hexadecimal digits for the ids of images.
  if (!hasHost && /^[0-9a-f]{64}$/.test(path)) return undefined;
  const registry = host === "index.docker.io" || host === "registry-1.docker.io" ? "docker.io" : host;
  return {
    registry,
    repository: registry === "docker.io" && !path.includes("/") ? `library/${path}` : path,
    ...(tag === undefined && digest === undefined ? { tag: "latest" } : tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The whole name: "docker.io/library/debian:latest". */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** The host that answers for a registry: Docker Hub's name and its address differ. */
export function hostOf(registry: string): string {
  return registry === "docker.io" ? "registry-1.docker.io" : registry;
}

/** Whether a host, with or without a port, is this machine. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return name === "localhost" || name === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}
