import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { cp, lstat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { PlimsollError } from "../core/index.ts";
import { isDeadRun } from "./run-identity.ts";

const prefix = "plimsoll-prove-";

/** An empty directory that nobody else can look into, named after a run; `sweepScratchDirectories` knows it by that. */
export function makeScratchDirectory(run: string): string {
  try {
    return mkdtempSync(join(tmpdir(), `${prefix}${run}-`));
  } catch (error) {
    throw unwritable(error);
  }
}

export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 2 });
}

/** Removes what runs that were killed have left. */
export function sweepScratchDirectories(): void {
  const root = tmpdir();
  let names: string[] = [];
  try {
    names = readdirSync(root).filter((name) => name.startsWith(prefix));
  } catch {
    return;
  }
  for (const name of names) {
    if (!isDeadRun(name.slice(prefix.length, name.lastIndexOf("-")))) continue;
    try {
      removeDirectory(join(root, name));
    } catch {
      // Another user's.
    }
  }
}

/** Writes a text below a directory of our own, over whatever a copy has brought there; the mode stays. */
export function writeBelow(root: string, path: string, text: string): void {
  const file = placeBelow(root, path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    const before = lstatSync(file, { throwIfNoEntry: false });
    rmSync(file, { force: true });
    writeFileSync(file, text);
    if (before?.isFile()) chmodSync(file, before.mode & 0o7777);
  } catch (error) {
    throw unwritable(error);
  }
}

/** Puts a copy of a file below a directory of our own, in place of what is there. */
export function copyFileBelow(from: string, root: string, path: string): void {
  const file = placeBelow(root, path);
  try {
    rmSync(file, { force: true });
    copyFileSync(from, file);
    chmodSync(file, lstatSync(from).mode & 0o7777);
  } catch (error) {
    throw unwritable(error);
  }
}

function placeBelow(root: string, path: string): string {
  const file = resolve(root, path);
  if (!file.startsWith(root + sep)) throw new PlimsollError("output.unwritable", `${path} leads out of the copy`);
  return file;
}

export function removeBelow(root: string, path: string): void {
  rmSync(join(root, path), { force: true });
}

export interface CopyLimits {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Copies a directory: links as they are, with modes and times, blocks shared where the file system can. Sockets, pipes and
 * devices are left out, as a build leaves them out. A copy, never links to the files themselves: nothing that happens to it
 * reaches the original.
 * @param wanted whether a path (relative, forward slashes) is to be copied, asked of directories first
 * @throws PlimsollError target.too-large, target.unreadable, output.unwritable
 */
export async function copyTree(
  from: string,
  to: string,
  wanted: (path: string, directory: boolean) => boolean,
  limits: CopyLimits,
  signal?: AbortSignal,
): Promise<void> {
  let files = 0;
  let bytes = 0;
  try {
    await cp(from, to, {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: async (source) => {
        signal?.throwIfAborted();
        const path = relative(from, source).split(sep).join("/");
        if (path === "") return true;
        const stats = await lstat(source);
        if (!stats.isFile() && !stats.isDirectory() && !stats.isSymbolicLink()) return false;
        if (!wanted(path, stats.isDirectory())) return false;
        files++;
        bytes += stats.isFile() ? stats.size : 0;
        if (files > limits.files || bytes > limits.bytes)
          throw new PlimsollError("target.too-large", "the build context is too large to be copied", {
            hint: "leave out what the build does not need with a .dockerignore",
          });
        return true;
      },
    });
  } catch (error) {
    if (error instanceof PlimsollError || signal?.aborted || !(error instanceof Error && "code" in error)) throw error;
    const code = String(error.code);
    if (code === "ENOSPC" || code === "EDQUOT") throw unwritable(error);
    throw new PlimsollError("target.unreadable", `the build context cannot be copied (${code})`, {
      hint: "every file of it must be readable, or left out with a .dockerignore",
      cause: error,
    });
  }
}

function unwritable(error: unknown): PlimsollError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
  return new PlimsollError("output.unwritable", `a scratch directory cannot be written (${code})`, {
    hint: "free some space, or set TMPDIR to a folder with more",
    cause: error,
  });
}
