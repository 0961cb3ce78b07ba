import type { BuildContext } from "../core/index.ts";

/** A context held in memory: path → text. A key may end in a mode (`run.sh 755`). */
export function memoryContext(files: Readonly<Record<string, string>>): BuildContext {
  const entries = Object.entries(files).map(([key, text]) => {
    const match = / ([0-7]{3,4})$/.exec(key);
    return {
      path: match ? key.slice(0, match.index) : key,
      mode: match?.[1] ? Number.parseInt(match[1], 8) : 0o644,
      text,
    };
  });
  const build = (ignore: string | undefined): BuildContext => ({
    ignorePath: ".dockerignore",
    files: entries
      .map(({ path, mode, text }) => ({ path, mode, type: "file" as const, size: text.length, ignored: false }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    complete: true,
    text: (path) => entries.find((entry) => entry.path === path)?.text,
    withIgnoreFile: build,
    ...(ignore === undefined ? {} : { ignoreFile: { path: ".dockerignore", text: ignore } }),
  });
  return build(entries.find((entry) => entry.path === ".dockerignore")?.text);
}
