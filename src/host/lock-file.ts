import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** After so long, in milliseconds, a lock is not believed even when its number is that of some running process. */
const maximumAge = 6 * 3_600_000;

/**
 * Takes a lock that one process at a time can have; undefined when another holds it. The lock of a process that is no more is
 * taken over.
 */
export function takeLock(path: string): { release(): void } | undefined {
  mkdirSync(dirname(path), { recursive: true });
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      return { release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      if (isHeld(path)) return undefined;
      rmSync(path, { force: true });
    }
  }
  return undefined;
}

function isHeld(path: string): boolean {
  try {
    if (Date.now() - statSync(path).mtimeMs > maximumAge) return false;
    const holder = Number(readFileSync(path, "utf8"));
    // The file may have been made a moment ago and not be written yet.
    if (holder === 0) return Date.now() - statSync(path).mtimeMs < 5000;
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
