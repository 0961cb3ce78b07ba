import { isAbsolute, join, relative, sep } from "node:path";
import {
  copyFileBelow,
  copyTree,
  makeScratchDirectory,
  removeBelow,
  removeDirectory,
  sweepScratchDirectories,
  writeBelow,
} from "../host/index.ts";
import { createIgnoreMatcher, parseDockerignore } from "../syntax/index.ts";

export interface ScratchRequest {
  readonly run: string;
  /** The user's build context; it is only read. */
  readonly context: string;
  /** The Dockerfile, and the ignore file in force or to be written: absolute paths. */
  readonly dockerfile: string;
  readonly ignoreFile: string;
  /** What the ignore file says before and after: what both leave out is not copied. */
  readonly ignoreTexts: readonly string[];
}

/** A copy of a build context in a directory of our own, where Dockerfile and ignore file are exchanged at will. */
export interface Scratch {
  /** All of it, to be removed by whoever comes when this process is killed. */
  readonly root: string;
  readonly context: string;
  readonly dockerfile: string;
  readonly ignoreFile: string;
  /**
   * Puts the texts of one build in place; no ignore file where its text is empty.
   * @param files others of the context, by their path in it; what an earlier build had written and is not among them is as the
   * user has it again
   */
  write(dockerfile: string, ignore: string, files: ReadonlyMap<string, string>): void;
  remove(): void;
}

const limits = { files: 2_000_000, bytes: 16 * 2 ** 30 };

/**
 * Copies a build context; what dead runs have left is removed first. Throws what `copyTree` throws, and then leaves nothing.
 */
export async function openScratch(
  request: ScratchRequest,
  onMade: (root: string) => void,
  signal?: AbortSignal,
): Promise<Scratch> {
  sweepScratchDirectories();
  const root = makeScratchDirectory(request.run);
  onMade(root);
  try {
    const context = join(root, "context");
    const matchers = request.ignoreTexts.map((text) => createIgnoreMatcher(parseDockerignore({ path: "", text })));
    const wanted = (path: string, directory: boolean): boolean =>
      matchers.some((matcher) => (directory ? matcher.mayContribute(path) : !matcher.ignored(path)));
    await copyTree(request.context, context, wanted, limits, signal);
    const dockerfile = placed(request.context, request.dockerfile, root);
    const ignoreFile = placed(request.context, request.ignoreFile, root);
    const written = new Set<string>();
    return {
      root,
      context,
      dockerfile: join(root, dockerfile),
      ignoreFile: join(root, ignoreFile),
      write: (text, ignore, files) => {
        for (const path of written) if (!files.has(path)) copyFileBelow(join(request.context, path), context, path);
        for (const [path, own] of files) {
          writeBelow(context, path, own);
          written.add(path);
        }
        writeBelow(root, dockerfile, text);
        if (ignore === "") removeBelow(root, ignoreFile);
        else writeBelow(root, ignoreFile, ignore);
      },
      remove: () => {
        removeDirectory(root);
      },
    };
  } catch (error) {
    removeDirectory(root);
    throw error;
  }
}

/** Where a file of the project is in the copy: at its place in the context, or beside it when it is outside. */
function placed(context: string, file: string, root: string): string {
  const below = relative(context, file);
  const inside = below !== "" && !isAbsolute(below) && below.split(sep)[0] !== "..";
  return relative(root, inside ? join(root, "context", below) : join(root, "beside", file.split(sep).at(-1) ?? "file"));
}
