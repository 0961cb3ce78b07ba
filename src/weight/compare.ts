import type { FileEntry, FileTree, ImageConfig } from "../image/index.ts";

export interface FileChange {
  readonly path: string;
  readonly change: "added" | "removed" | "contents" | "metadata" | "type";
  /** Bytes before and after; 0 where there is none. */
  readonly before: number;
  readonly after: number;
  /** What is different of its metadata. */
  readonly fields?: readonly string[];
}

export interface ConfigChange {
  /** "env PATH", "user", "entrypoint", … */
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Every path of two trees that is not the same in both, times aside; sorted by path. */
export function compareTrees(before: FileTree, after: FileTree): readonly FileChange[] {
  const changes: FileChange[] = [];
  for (const { path, entry } of before.all()) {
    const other = after.get(path)?.entry;
    if (!other) changes.push({ path, change: "removed", before: entry.size, after: 0 });
    else {
      const change = compareEntries(path, entry, other);
      if (change) changes.push(change);
    }
  }
  for (const { path, entry } of after.all())
    if (!before.get(path)) changes.push({ path, change: "added", before: 0, after: entry.size });
  return changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function compareEntries(path: string, a: FileEntry, b: FileEntry): FileChange | undefined {
  const sizes = { path, before: a.size, after: b.size };
  if (a.type !== b.type) return { ...sizes, change: "type" };
  const sameContents =
    a.digest !== undefined && b.digest !== undefined ? a.digest === b.digest : a.size === b.size && a.link === b.link;
  if (!sameContents || a.link !== b.link || String(a.device) !== String(b.device))
    return { ...sizes, change: "contents" };
  const fields = [
    ...(a.mode === b.mode ? [] : ["mode"]),
    ...(a.uid === b.uid && a.gid === b.gid ? [] : ["owner"]),
    ...(sameRecord(a.xattrs, b.xattrs) ? [] : ["xattrs"]),
  ];
  return fields.length === 0 ? undefined : { ...sizes, change: "metadata", fields };
}

function sameRecord(a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>> = {}): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** What a container would be started with differently. */
export function compareConfigs(before: ImageConfig, after: ImageConfig): readonly ConfigChange[] {
  const a = settings(before);
  const b = settings(after);
  return [...new Set([...a.keys(), ...b.keys()])]
    .sort()
    .filter((name) => a.get(name) !== b.get(name))
    .map((name) => ({ name, before: a.get(name), after: b.get(name) }));
}

function settings(config: ImageConfig): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const set = (name: string, value: string): void => {
    if (value !== "") found.set(name, value);
  };
  set("user", config.user);
  set("workdir", config.workdir);
  set("entrypoint", config.entrypoint.length > 0 ? JSON.stringify(config.entrypoint) : "");
  set("cmd", config.cmd.length > 0 ? JSON.stringify(config.cmd) : "");
  set("healthcheck", config.hasHealthcheck ? "yes" : "");
  for (const port of config.exposedPorts) set(`port ${port}`, "exposed");
  for (const volume of config.volumes) set(`volume ${volume}`, "declared");
  for (const [name, value] of Object.entries(config.labels)) set(`label ${name}`, value || '""');
  for (const one of config.env) {
    const equals = one.indexOf("=");
    set(`env ${equals < 0 ? one : one.slice(0, equals)}`, equals < 0 ? '""' : one.slice(equals + 1) || '""');
  }
  return found;
}
