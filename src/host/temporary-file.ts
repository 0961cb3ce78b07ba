import { rmSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PlimsollError } from "../core/index.ts";

/** A file of our own in the system's folder for such, readable by nobody else. */
export interface TemporaryFile {
  readonly path: string;
  /** Deletes it; where the system allows that already while it is open, and then nothing stays behind whatever happens. */
  remove(): Promise<void>;
}

/** Writes a stream to a temporary file. When anything goes wrong nothing stays behind. Throws `output.unwritable`. */
export async function writeTemporary(parts: AsyncIterable<Uint8Array>): Promise<TemporaryFile> {
  const directory = await mkdtemp(join(tmpdir(), "plimsoll-")).catch(unwritable);
  const forget = (): void => {
    rmSync(directory, { recursive: true, force: true });
  };
  // `exit` handlers see the process out; a kill leaves the folder to the system's own cleaning.
  process.once("exit", forget);
  const remove = async (): Promise<void> => {
    process.off("exit", forget);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const path = join(directory, "image.tar");
    const file = await open(path, "wx", 0o600).catch(unwritable);
    try {
      for await (const part of parts) await file.writeFile(part).catch(unwritable);
    } finally {
      await file.close();
    }
    return { path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function unwritable(error: unknown): never {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
  throw new PlimsollError("output.unwritable", `a temporary file cannot be written (${code})`, {
    hint: "free some space, or set TMPDIR to a folder with more",
    cause: error,
  });
}
