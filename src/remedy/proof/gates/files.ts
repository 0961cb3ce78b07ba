import { compareTrees, type FileChange } from "../../../weight/index.ts";
import { firstFew, type Gate } from "../gate.ts";
import { rebuildNoise, type Scope } from "../scope.ts";

export const files: Gate = {
  id: "files",
  summary: "files differ only where planned",
  needs: "images",
  check(before, after, { scope }) {
    const isDirectory = (path: string): boolean =>
      (after.tree.get(path) ?? before.tree.get(path))?.entry.type === "directory";
    const changes = compareTrees(before.tree, after.tree).filter(({ path }) => !rebuildNoise.test(path));
    const unplanned = changes.filter((one) => !isPlanned(one, scope, isDirectory));
    if (unplanned.length > 0)
      return {
        ok: false,
        detail: `not planned: ${firstFew(unplanned.map(({ path, change }) => `${path} (${change})`))}`,
      };
    const count = (change: FileChange["change"]): number => changes.filter((one) => one.change === change).length;
    const said = (["added", "removed", "contents", "metadata", "type"] as const)
      .filter((change) => count(change) > 0)
      .map((change) => `${count(change)} ${words[change]}`);
    return { ok: true, detail: said.length === 0 ? "the same" : `as planned: ${said.join(", ")}` };
  },
};

const words: Readonly<Record<FileChange["change"], string>> = {
  added: "added",
  removed: "removed",
  contents: "with other contents",
  metadata: "with another owner or mode",
  type: "of another kind",
};

/** A directory alone weighs and does nothing: it comes and goes with what is in it. */
function isPlanned({ path, change }: FileChange, scope: Scope, isDirectory: (path: string) => boolean): boolean {
  if (scope.files[change]?.test(path)) return true;
  return (change === "added" || change === "removed") && isDirectory(path);
}
