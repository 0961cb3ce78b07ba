import { createHash } from "node:crypto";
import type { FileEntry, FileTree } from "../../src/image/index.ts";

/** By path: "" for a directory, "-> target" for a symbolic link, "= path" for another name of a file, contents for a file. */
export type ExpectedTree = Readonly<Record<string, string | Uint8Array>>;

/** A tree as lines to compare: paths with what is there, contents as digests. */
export function pathsOf(tree: FileTree | ExpectedTree): readonly string[] {
  return "all" in tree && typeof tree.all === "function"
    ? pathsOfTree(tree as FileTree)
    : Object.entries(tree as ExpectedTree)
        .map(([path, what]) => `${path} ${isMark(what) ? what : `: ${digest(what)}`}`)
        .sort();
}

function pathsOfTree(tree: FileTree): readonly string[] {
  const first = new Map<FileEntry, string>();
  const lines: string[] = [];
  for (const { path, entry } of tree.all()) {
    const other = first.get(entry);
    first.set(entry, other ?? path);
    const what =
      other !== undefined
        ? `= ${other}`
        : entry.type === "symlink"
          ? `-> ${entry.link}`
          : entry.type === "file"
            ? `: ${entry.digest}`
            : "";
    lines.push(`${path} ${what}`);
  }
  return lines.sort();
}

function isMark(what: string | Uint8Array): what is string {
  return typeof what === "string" && (what === "" || what.startsWith("-> ") || what.startsWith("= "));
}

function digest(contents: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(contents).digest("hex")}`;
}
