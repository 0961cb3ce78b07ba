import { pinWriters } from "./raise/list.ts";

/** Files of a project that say which versions are installed, by the purl type they are about; the surest first. */
const lockFiles: Readonly<Record<string, readonly RegExp[]>> = {
  npm: [
    /^package-lock\.json$/,
    /^npm-shrinkwrap\.json$/,
    /^pnpm-lock\.yaml$/,
    /^yarn\.lock$/,
    /^bun\.lock$/,
    /^package\.json$/,
  ],
  pypi: [
    /^uv\.lock$/,
    /^poetry\.lock$/,
    /^pdm\.lock$/,
    /^Pipfile\.lock$/,
    /^requirements[\w.-]*\.txt$/,
    /^pyproject\.toml$/,
  ],
  golang: [/^go\.mod$/],
  cargo: [/^Cargo\.lock$/, /^Cargo\.toml$/],
  gem: [/^Gemfile\.lock$/, /^Gemfile$/],
  composer: [/^composer\.lock$/, /^composer\.json$/],
  maven: [/^gradle\.lockfile$/, /^pom\.xml$/, /^build\.gradle(?:\.kts)?$/],
  nuget: [/^packages\.lock\.json$/, /\.csproj$/],
  hex: [/^mix\.lock$/],
  pub: [/^pubspec\.lock$/],
};
const all = Object.values(lockFiles).flat();

/** Whether a path of a build context is a lock file or manifest; what lies in installed packages is none of the project's. */
export function isLockFile(path: string): boolean {
  if (/(?:^|\/)(?:node_modules|site-packages|vendor|\.venv|venv)\//.test(path)) return false;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return all.some((form) => form.test(name));
}

/** Whether a lock file or manifest is one that is raised by edits. */
export function isPinned(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return pinWriters.some(({ form }) => form.test(name));
}

/**
 * The file that names the version of packages of a type: the surest kind, of those the one highest up.
 * @param type of a purl
 * @param paths for which `isLockFile` holds
 */
export function lockFileFor(type: string, paths: readonly string[]): string | undefined {
  const forms = Object.hasOwn(lockFiles, type) ? (lockFiles[type] ?? []) : [];
  for (const form of forms) {
    const found = paths.filter((path) => form.test(path.slice(path.lastIndexOf("/") + 1)));
    if (found.length > 0)
      return found.toSorted((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1))[0];
  }
  return undefined;
}
