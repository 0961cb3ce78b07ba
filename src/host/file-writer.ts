import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { PlimsollError } from "../core/index.ts";

/** A file being made. Nobody sees it under its final name before `commit`, and then whole. */
export interface FileWriter {
  /** Bytes written so far. */
  readonly size: number;
  write(bytes: Uint8Array): void;
  /** Hands what was gathered to the system, so that others who open the temporary file see it. */
  flush(): void;
  /** Writes over bytes that were written before. */
  overwrite(offset: number, bytes: Uint8Array): void;
  /** Flushes to disk and renames to `path`. */
  commit(path: string): void;
  /** Closes it, and removes it unless it was committed. */
  discard(): void;
}

/**
 * Starts a file under a temporary name; writes are gathered up to `bufferBytes`.
 * @throws PlimsollError output.unwritable
 */
export function createFileWriter(temporary: string, bufferBytes: number = 1 << 18): FileWriter {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
      throw new PlimsollError("output.unwritable", `${temporary} cannot be written (${code})`, {
        hint: code === "ENOSPC" ? "the disk is full" : "look at the permissions of its directory",
        cause: error,
      });
    }
  };
  const descriptor = attempt(() => {
    mkdirSync(dirname(temporary), { recursive: true });
    return openSync(temporary, "w+", 0o644);
  });
  const buffer = Buffer.allocUnsafe(bufferBytes);
  let used = 0;
  let flushed = 0;
  let state: "open" | "committed" | "gone" = "open";

  const writeAt = (bytes: Uint8Array, offset: number): void =>
    attempt(() => {
      for (let at = 0; at < bytes.length; )
        at += writeSync(descriptor, bytes, at, Math.min(bytes.length - at, 1 << 30), offset + at);
    });
  const flush = (): void => {
    if (used === 0) return;
    writeAt(buffer.subarray(0, used), flushed);
    flushed += used;
    used = 0;
  };
  return {
    get size() {
      return flushed + used;
    },
    write(bytes) {
      if (used + bytes.length > buffer.length) flush();
      if (bytes.length > buffer.length) {
        writeAt(bytes, flushed);
        flushed += bytes.length;
      } else {
        buffer.set(bytes, used);
        used += bytes.length;
      }
    },
    flush,
    overwrite(offset, bytes) {
      flush();
      writeAt(bytes, offset);
    },
    commit(path) {
      flush();
      attempt(() => {
        fsyncSync(descriptor);
        closeSync(descriptor);
        state = "gone";
        renameSync(temporary, path);
        state = "committed";
      });
    },
    discard() {
      if (state === "committed") return;
      if (state === "open") closeSync(descriptor);
      state = "committed";
      rmSync(temporary, { force: true });
    },
  };
}
