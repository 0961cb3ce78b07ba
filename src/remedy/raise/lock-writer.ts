import type { Raise } from "./raise.ts";

/** Files by name. */
export type LockFiles = ReadonlyMap<string, string>;

/** Runs a command in a directory with some files and nothing else; what they are afterwards, or why it failed. */
export type RunLockTool = (
  command: string,
  files: LockFiles,
) => Promise<{ readonly files: LockFiles } | { readonly failure: string }>;

/**
 * A kind of lock file that only the ecosystem's own tool can write, for it knows digests and what follows from a version: a
 * proof runs it in a container of the image that builds the project.
 */
export interface LockWriter {
  /** Of the lock file's name. */
  readonly form: RegExp;
  /** As Dockerfiles call the tool. */
  readonly program: string;
  /** Names of the files beside the lock file that the tool reads and writes. */
  readonly files: readonly string[];
  write(files: LockFiles, raises: readonly Raise[], run: RunLockTool): ReturnType<RunLockTool>;
}
