import type { FileTree, ImageConfig } from "../../image/index.ts";
import { below, findOnPath, pathOf } from "./linkage.ts";
import type { Program } from "./programs.ts";
import type { ProvedImage } from "./side.ts";

/** Where packages keep what they call themselves, if at all: helpers of builds and hooks. Others call what lies on the PATH. */
const inPackages =
  /^usr\/(?:share|src|lib)\/(?!.*\/s?bin\/)|\/(?:node_modules|site-packages|dist-packages|gems|vendor)\//;
/** What shows how something is used, and nobody starts in a container. */
const forShow = /\/(?:docs?|examples?|tests?|testing|contrib)\//;

/**
 * Scripts that lost what runs them, each in one line, sorted. Those that had lost it before are none. Neither are those inside
 * of a package that nothing calls from outside (by the PATH, the container's command or an npm script), when the interpreter was
 * not there before either, or when it is the new base that ships the one without the other: distributions only suggest the
 * interpreters of such helpers. What the project itself installs is complete or not by its own doing.
 */
export function scriptsWithoutInterpreter(before: ProvedImage, after: ProvedImage): readonly string[] {
  const lost: string[] = [];
  let called: ReadonlySet<string> | undefined;
  for (const [path, program] of after.programs.files) {
    if (program.kind !== "script") continue;
    const missing = missingInterpreter(program, after.tree, after.config);
    if (missing === undefined) continue;
    const old = before.programs.files.get(path);
    const wasThere = missingInterpreter(program, before.tree, before.config) === undefined;
    if (old?.kind === "script" && missingInterpreter(old, before.tree, before.config) === missing) continue;
    if (inPackages.test(path) || forShow.test(path)) {
      called ??= calledFiles(after);
      const ofBase = (after.tree.get(path)?.layer ?? 0) < after.baseLayers;
      if (!called.has(path) && (!wasThere || ofBase || forShow.test(path))) continue;
    }
    lost.push(`${path} is a script for ${missing}, which is not there`);
  }
  return lost.sort();
}

/** The files that a name on the PATH, a word of the container's command, or a name that npm scripts use leads to. */
function calledFiles({ tree, config }: ProvedImage): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (path: string): void => {
    const file = tree.resolve(below(path));
    if (file && file.entry.type !== "directory") found.add(file.path);
  };
  for (const directory of [...pathOf(config), `${config.workdir}/node_modules/.bin`]) {
    const real = tree.resolve(below(directory))?.path;
    for (const { path } of real === undefined ? [] : tree.children(real)) add(path);
  }
  for (const word of [...config.entrypoint, ...config.cmd].flatMap((one) => one.split(/[\s;&|]+/)))
    if (word.includes("/")) add(word.startsWith("/") ? word : `${config.workdir}/${word}`);
  return found;
}

/** What a script is to be run with and is not there; `env` looks for its first word on the image's PATH. */
function missingInterpreter(
  { interpreter, argument }: Extract<Program, { kind: "script" }>,
  tree: FileTree,
  config: ImageConfig,
): string | undefined {
  if (!interpreter.startsWith("/")) return undefined;
  if (!tree.resolve(below(interpreter))) return interpreter;
  if (interpreter.split("/").at(-1) !== "env" || argument === undefined) return undefined;
  const words = argument.split(/\s+/).filter((word) => word !== "-S" && !/^\w+=/.test(word));
  const [name] = words;
  if (name === undefined || name.startsWith("-") || name.includes("/")) return undefined;
  return findOnPath(name, tree, config) ? undefined : name;
}
