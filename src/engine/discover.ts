import { join, resolve } from "node:path";
import { type Gap, PlimsollError, type SourceText } from "../core/index.ts";
import { decodeText, displayPath, findDockerfiles, kindOf, readBounded, readTextFile } from "../host/index.ts";

/** One Dockerfile to look at. */
export interface Target {
  readonly source: SourceText;
  /** Where it is; undefined for standard input. */
  readonly file?: string;
  /** The directory that was searched for it, or its own. */
  readonly root: string;
}

/**
 * Settles what is asked for: files as they are, `-` as standard input, directories searched for Dockerfiles.
 * @param root what paths are relative to (the working directory)
 * @throws PlimsollError target.missing, target.no-dockerfile and what reading a file throws, when nothing else was found
 */
export async function discover(
  root: string,
  wanted: readonly string[],
): Promise<{ targets: readonly Target[]; gaps: readonly Gap[] }> {
  const targets = new Map<string, Target>();
  const gaps: Gap[] = [];
  for (const name of wanted.length === 0 ? ["."] : wanted) {
    if (name === "-") {
      targets.set("-", {
        source: { path: "<stdin>", text: decodeText(readBounded(0, "standard input"), "standard input") },
        root,
      });
      continue;
    }
    const path = resolve(root, name);
    const kind = kindOf(path);
    if (kind === "missing") {
      throw new PlimsollError("target.missing", `${name} does not exist`, {
        hint: "name a Dockerfile or a directory, or leave it out to search the current one",
      });
    }
    if (kind === "file") targets.set(path, { source: read(root, path), file: path, root });
    else await search(root, path, name, targets, gaps);
  }
  return { targets: [...targets.values()], gaps };
}

function read(root: string, path: string): SourceText {
  const shown = displayPath(root, path);
  return { path: shown, text: readTextFile(path, shown) };
}

/** A file that cannot be read is a gap when others were found beside it: one bad file must not hide the rest. */
async function search(
  root: string,
  directory: string,
  name: string,
  targets: Map<string, Target>,
  gaps: Gap[],
): Promise<void> {
  const found = await findDockerfiles(directory);
  gaps.push(...found.gaps);
  if (found.paths.length === 0) {
    throw new PlimsollError("target.no-dockerfile", `${name === "." ? "this directory" : name} holds no Dockerfile`, {
      hint: "name the file: plimsoll check path/to/Dockerfile (searched: Dockerfile*, *.Dockerfile, Containerfile)",
    });
  }
  for (const path of found.paths.map((one) => join(directory, one))) {
    try {
      targets.set(path, { source: read(root, path), file: path, root: directory });
    } catch (error) {
      if (!(error instanceof PlimsollError) || found.paths.length === 1) throw error;
      gaps.push({ subject: displayPath(root, path), reason: error.message });
    }
  }
}
