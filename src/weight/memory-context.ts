import type { BuildContext, ContextFile } from "../core/index.ts";
import { createIgnoreMatcher, parseDockerignore } from "../syntax/index.ts";

/**
 * A context held in memory, for tests and for callers that have no directory.
 * @param files path → text; a mode may follow the path (`run.sh 755`), 644 otherwise
 */
export function memoryContext(files: Readonly<Record<string, string>>): BuildContext {
  const entries = Object.entries(files).map(([key, text]) => {
    const mode = / ([0-7]{3,4})$/.exec(key);
    return { path: mode ? key.slice(0, mode.index) : key, mode: Number.parseInt(mode?.[1] ?? "644", 8), text };
  });
  const texts = new Map(entries.map(({ path, text }) => [path, text]));
  const described = entries
    .map(({ path, mode, text }): ContextFile => ({ path, mode, type: "file", size: text.length, ignored: false }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const ignorePath = texts.has("Dockerfile.dockerignore") ? "Dockerfile.dockerignore" : ".dockerignore";
  return contextOf(described, texts.get(ignorePath), ignorePath, true, (path) => texts.get(path));
}

/** A context of files already listed, as an ignore file has it. */
export function contextOf(
  files: readonly ContextFile[],
  ignoreText: string | undefined,
  ignorePath: string,
  complete: boolean,
  read: (path: string) => string | undefined,
): BuildContext {
  const ignoreFile = ignoreText === undefined ? undefined : { path: ignorePath, text: ignoreText };
  const matcher = createIgnoreMatcher(ignoreFile && parseDockerignore(ignoreFile));
  const decided = files.map((file) =>
    file.ignored === matcher.ignored(file.path) || file.below !== undefined
      ? file
      : { ...file, ignored: !file.ignored },
  );
  return {
    ignorePath,
    files: decided,
    complete,
    text: (path) => (matcher.ignored(path) ? undefined : read(path)),
    withIgnoreFile: (text) => contextOf(files, text, ignorePath, complete, read),
    ...(ignoreFile ? { ignoreFile } : {}),
  };
}
