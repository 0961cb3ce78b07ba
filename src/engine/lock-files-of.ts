import type { BuildContext } from "../core/index.ts";
import { displayPath } from "../host/index.ts";
import { isLockFile, isPinned, type PlanSubject } from "../remedy/index.ts";

/** Lock files and manifests of a build context, and the texts of those that are edited, by their paths in the project. */
export function lockFilesOf(
  context: BuildContext | undefined,
  prefix: string,
): Pick<PlanSubject, "lockFiles" | "texts"> {
  const paths = (context?.files ?? [])
    .filter(({ type, path, ignored }) => type === "file" && !ignored && isLockFile(path))
    .map(({ path }) => path);
  const texts = paths.filter(isPinned).flatMap((path): [string, string][] => {
    const text = context?.text(path);
    return text === undefined ? [] : [[prefix + path, text]];
  });
  return { lockFiles: paths.map((path) => prefix + path), texts: new Map(texts) };
}

/** What paths of a context begin with in the project: "" or a directory with its slash. */
export function contextPrefix(root: string, contextRoot: string): string {
  const shown = displayPath(root, contextRoot);
  return shown === "." ? "" : `${shown}/`;
}
