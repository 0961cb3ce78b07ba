import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** Where Plimsoll keeps what it can fetch or make again: PLIMSOLL_CACHE, or else in the user's cache directory. */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = env["PLIMSOLL_CACHE"];
  if (own) return resolve(own);
  const stated = env["XDG_CACHE_HOME"];
  if (stated !== undefined && isAbsolute(stated)) return join(stated, "plimsoll");
  const local = env["LOCALAPPDATA"];
  if (process.platform === "win32" && local !== undefined) return join(local, "plimsoll");
  return join(env["HOME"] ?? homedir(), ".cache", "plimsoll");
}

/** A new directory for one piece of work, below `parent` so that files made in it can be renamed to their place. */
export function makeWorkDirectory(parent: string, prefix: string): { readonly path: string; remove(): void } {
  mkdirSync(parent, { recursive: true });
  const path = mkdtempSync(join(parent, prefix));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
