/** An image reference taken apart as distribution/reference does. */
export interface ImageReference {
  readonly registry: string;
  /** With `library/` for official images. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
  /** "python" for python, library/python and docker.io/library/python. */
  readonly official?: string;
}

const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** Reads a reference as written in FROM; undefined when it is none. Never throws. */
export function parseReference(text: string): ImageReference | undefined {
  if (text.length === 0 || text.length > 1024) return undefined;
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !/^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/.test(digest)) return undefined;
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return undefined;
  const name = hasTag ? named.slice(0, colon) : named;
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = first.includes(".") || first.includes(":") || first === "localhost" || /[A-Z]/.test(first);
  const registry = isHost
    ? first === "index.docker.io" || first === "registry-1.docker.io"
      ? "docker.io"
      : first
    : "docker.io";
  let repository = isHost ? name.slice(slash + 1) : name;
  if (repository === "" || !repository.split("/").every((part) => component.test(part))) return undefined;
  if (registry === "docker.io" && !repository.includes("/")) repository = `library/${repository}`;
  const official =
    registry === "docker.io" && repository.startsWith("library/") ? repository.slice("library/".length) : undefined;
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
    ...(official === undefined ? {} : { official }),
  };
}
