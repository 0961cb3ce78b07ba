import { instructionsOf, type Dockerfile } from "../syntax/index.ts";

/**
 * Which directory a Dockerfile is built in, when nobody says: its own, unless what it copies is there less often than in the
 * project's root (`docker build -f docker/Dockerfile .`).
 * @param own the Dockerfile's directory relative to the project, "" for the root itself
 * @param exists whether a path relative to the project exists
 */
export function chooseContextRoot(dockerfile: Dockerfile, own: string, exists: (path: string) => boolean): string {
  if (own === "") return own;
  let inOwn = 0;
  let inRoot = 0;
  for (const copy of [...instructionsOf(dockerfile, "COPY"), ...instructionsOf(dockerfile, "ADD")]) {
    if (copy.flags.some((flag) => flag.name === "from")) continue;
    for (const source of copy.sources) {
      const path = source.value?.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
      if (!path || path === "." || /[*?[\\]|:\/\//.test(path) || path.split("/").includes("..")) continue;
      if (exists(`${own}/${path}`)) inOwn++;
      if (exists(path)) inRoot++;
    }
  }
  return inRoot > inOwn ? "" : own;
}
