import type { BuildContext } from "../../core/index.ts";
import { classifyPath, type PathClass } from "./path-classes.ts";

export interface IgnoreLine {
  readonly pattern: string;
  /** What it leaves out, in words. */
  readonly reason: string;
  readonly kind: PathClass["kind"];
  readonly files: number;
  /** Bytes that are no longer sent. */
  readonly bytes: number;
}

/**
 * Lines for a `.dockerignore`, made from what the context really sends: most bytes first within secrets, then the rest.
 * @param used paths that the Dockerfile copies by name: neither they nor what is above them on their way is left out
 */
export function suggestIgnoreLines(context: BuildContext, used: readonly string[] = []): readonly IgnoreLine[] {
  const lines = new Map<string, { reason: string; kind: PathClass["kind"]; files: number; bytes: number }>();
  const wanted = used
    .map((path) => path.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, ""))
    .filter((path) => path !== "" && path !== ".");
  const excepted = new Set<string>();
  for (const file of context.files) {
    if (file.ignored || file.type === "directory") continue;
    const found = classifyPath(file.path);
    if (!found) continue;
    if (found.id === "npmrc-token" && !wanted.length) continue;
    if (wanted.some((path) => path === file.path || path === found.at || path.startsWith(`${found.at}/`))) {
      excepted.add(found.pattern);
      continue;
    }
    const line = lines.get(found.pattern) ?? { reason: found.label, kind: found.kind, files: 0, bytes: 0 };
    line.files += file.below ?? 1;
    line.bytes += file.size;
    lines.set(found.pattern, line);
  }
  for (const pattern of excepted) lines.delete(pattern);
  return [...lines]
    .map(([pattern, line]) => ({ pattern, ...line }))
    .sort(
      (a, b) =>
        Number(b.kind === "secret") - Number(a.kind === "secret") ||
        b.bytes - a.bytes ||
        (a.pattern < b.pattern ? -1 : 1),
    );
}
