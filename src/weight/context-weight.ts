import type { BuildContext } from "../core/index.ts";
import { classifyPath } from "../syntax/index.ts";

/** What a build sends, summed. Sizes in bytes. */
export interface ContextWeight {
  readonly files: number;
  readonly bytes: number;
  readonly ignoredFiles: number;
  readonly ignoredBytes: number;
  /** The heaviest entries at most two levels deep, heaviest first, ten at most; directories end in a slash. */
  readonly largest: readonly { readonly path: string; readonly bytes: number }[];
  /** Files that are secret by their name and would be sent. */
  readonly secrets: readonly string[];
  /** Paths that hardly ever belong into an image, with their class. */
  readonly junk: readonly {
    readonly path: string;
    readonly label: string;
    readonly files: number;
    readonly bytes: number;
  }[];
  readonly complete: boolean;
}

/** Sums up a context. */
export function weighContext(context: BuildContext): ContextWeight {
  let files = 0;
  let bytes = 0;
  let ignoredFiles = 0;
  let ignoredBytes = 0;
  const heavy = new Map<string, number>();
  const secrets: string[] = [];
  const junk = new Map<string, { label: string; files: number; bytes: number }>();
  for (const file of context.files) {
    if (file.ignored) {
      ignoredFiles += file.below ?? (file.type === "directory" ? 0 : 1);
      ignoredBytes += file.size;
      continue;
    }
    if (file.type === "directory") continue;
    files++;
    bytes += file.size;
    const parts = file.path.split("/");
    const key = parts.length > 2 ? `${parts[0]}/${parts[1]}/` : file.path;
    heavy.set(key, (heavy.get(key) ?? 0) + file.size);
    const found = classifyPath(file.path);
    if (!found) continue;
    if (found.kind === "secret") secrets.push(file.path);
    else if (found.kind !== "docs" && found.kind !== "dockerfile") {
      const sum = junk.get(found.at) ?? { label: found.label, files: 0, bytes: 0 };
      junk.set(found.at, { label: sum.label, files: sum.files + 1, bytes: sum.bytes + file.size });
    }
  }
  const largest = [...heavy]
    .map(([path, size]) => ({ path, bytes: size }))
    .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  return {
    files,
    bytes,
    ignoredFiles,
    ignoredBytes,
    secrets,
    complete: context.complete,
    largest: largest.slice(0, 10),
    junk: [...junk]
      .map(([path, sum]) => ({ path, ...sum }))
      .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1)),
  };
}
