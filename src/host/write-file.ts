import { chmodSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { PlimsollError } from "../core/index.ts";

/**
 * Writes a text whole or not at all: into a temporary file beside it, then renamed. The mode of a file that is there is kept,
 * and a symbolic link is written through.
 * @throws PlimsollError output.unwritable
 */
export function writeFileAtomically(
  path: string,
  text: string,
  options: { readonly makeDirectories?: boolean } = {},
): void {
  let temporary: string | undefined;
  try {
    if (options.makeDirectories) mkdirSync(dirname(path), { recursive: true });
    const target = resolveLink(path);
    if (isSpecial(target)) {
      writeFileSync(target, text);
      return;
    }
    temporary = join(dirname(target), `.${basename(target)}.plimsoll-${process.pid}`);
    writeFileSync(temporary, text, { flag: "wx" });
    const mode = modeOf(target);
    if (mode !== undefined) chmodSync(temporary, mode);
    renameSync(temporary, target);
  } catch (error) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new PlimsollError("output.unwritable", `${path} cannot be written (${code})`, {
      hint: "look at the permissions of its directory",
      cause: error,
    });
  }
}

function resolveLink(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** A device or a pipe (/dev/null, /dev/stdout, a named pipe) is written to: a file must not take its place. */
function isSpecial(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status !== undefined && !status.isFile() && !status.isDirectory();
}

function modeOf(path: string): number | undefined {
  try {
    return statSync(path).mode & 0o7777;
  } catch {
    return undefined;
  }
}
