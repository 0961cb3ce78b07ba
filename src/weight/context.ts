import { basename, dirname, join } from "node:path";
import type { BuildContext } from "../core/index.ts";
import {
  defaultWalkLimits,
  displayPath,
  pathExists,
  readSmallText,
  walkContext,
  type WalkLimits,
} from "../host/index.ts";
import { createIgnoreMatcher, parseDockerignore } from "../syntax/index.ts";
import { contextOf } from "./memory-context.ts";

const maximumText = 1 << 20;

/**
 * The build context of a Dockerfile as it lies on disk.
 * @param root the context's directory
 * @param dockerfile the Dockerfile's path; `<Dockerfile>.dockerignore` beside it wins over the context's own
 * @param project the directory that reported paths are relative to
 */
export function openBuildContext(
  root: string,
  dockerfile: string,
  project: string,
  limits: WalkLimits = defaultWalkLimits,
): BuildContext {
  const own = join(dirname(dockerfile), `${basename(dockerfile)}.dockerignore`);
  const ignoreAt = pathExists(own) ? own : join(root, ".dockerignore");
  const text = readSmallText(ignoreAt, maximumText);
  const ignorePath = displayPath(project, ignoreAt);
  const matcher = createIgnoreMatcher(text === undefined ? undefined : parseDockerignore({ path: ignorePath, text }));
  const { files, complete } = walkContext(root, matcher, limits);
  return contextOf(files, text, ignorePath, complete, (path) => readSmallText(join(root, path), maximumText));
}
