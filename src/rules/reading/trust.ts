import type { ImageReference } from "../../bases/index.ts";

/** Whether an entry of the allow list covers an image: a registry, `registry/repository`, with `*` at either end. */
export function isTrusted(reference: ImageReference, trusted: readonly string[]): boolean {
  const { registry, repository } = reference;
  const full = `${registry}/${repository}`;
  const names = [
    registry,
    full,
    ...(registry === "docker.io" ? [repository, repository.replace(/^library\//, "")] : []),
  ];
  return trusted.some((entry) => names.some((name) => matches(name, entry)));
}

function matches(name: string, entry: string): boolean {
  const inner = entry.replace(/^\*|\*$/g, "");
  if (entry === "*") return true;
  if (entry.startsWith("*") && entry.endsWith("*")) return name.includes(inner);
  if (entry.startsWith("*")) return name.endsWith(inner);
  return entry.endsWith("*") ? name.startsWith(inner) : name === entry;
}
