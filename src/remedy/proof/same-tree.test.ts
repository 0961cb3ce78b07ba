import { describe, expect, it } from "vitest";
import { type FileEntry, mergeLayers } from "../../image/index.ts";
import { compareForProof } from "./same-tree.ts";

function entry(path: string, more: Partial<FileEntry> = {}): FileEntry {
  return {
    path,
    type: "file",
    size: 1,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 1000.25,
    digest: `sha256:${"0".repeat(64)}`,
    raw: [0, 512],
    storedBytes: 1,
    ...more,
  };
}

const tree = (...entries: readonly FileEntry[]) => mergeLayers([{ entries }]).tree;
const nothing = { dropped: new Set<FileEntry>() };

describe("two trees", () => {
  it.each<[string, Partial<FileEntry>]>([
    ["type", { type: "fifo" }],
    ["mode", { mode: 0o4755 }],
    ["owner", { gid: 7 }],
    ["mtime", { mtime: 1000.5 }],
    ["size", { size: 2 }],
    ["contents", { digest: `sha256:${"1".repeat(64)}` }],
    ["xattrs", { xattrs: { "security.capability": "\u0001" } }],
    ["device", { device: [1, 3] }],
    ["link", { link: "x" }],
  ])("differ in %s alone, and that is seen", (what, more) => {
    expect(compareForProof(tree(entry("a")), tree(entry("a")), nothing)).toEqual([]);
    const found = compareForProof(tree(entry("a")), tree(entry("a", more)), nothing);
    expect(found).toContainEqual({ path: "a", what });
  });

  it("whose files were not hashed are not called the same", () => {
    const { digest: _, ...unhashed } = entry("a");
    expect(compareForProof(tree(unhashed), tree(unhashed), nothing)).toEqual([{ path: "a", what: "contents" }]);
  });

  it("with the same contents in one file or in two differ in their names", () => {
    const two = tree(entry("a"), entry("b"));
    const one = tree(entry("a"), entry("b", { type: "hardlink", link: "a" }));
    expect(compareForProof(two, one, nothing)).toEqual([{ path: "b", what: "names" }]);
    expect(compareForProof(one, two, nothing)).toEqual([{ path: "b", what: "names" }]);
  });

  it("have what is dropped gone, all of it and nothing else", () => {
    const a = entry("a");
    const both = tree(a, entry("b"));
    expect(compareForProof(both, tree(entry("b")), { dropped: new Set([a]) })).toEqual([]);
    expect(compareForProof(both, both, { dropped: new Set([a]) })).toEqual([{ path: "a", what: "added" }]);
    expect(compareForProof(both, tree(), { dropped: new Set([a]) })).toEqual([{ path: "b", what: "missing" }]);
  });

  it("may differ in times that were held back to an epoch, and in no others", () => {
    const before = tree(entry("a"), entry("b", { mtime: 10 }));
    const after = tree(entry("a", { mtime: 500 }), entry("b", { mtime: 10 }));
    expect(compareForProof(before, after, { ...nothing, epoch: 500 })).toEqual([]);
    expect(compareForProof(before, after, { ...nothing, epoch: 400 })).toHaveLength(1);
    expect(compareForProof(after, before, { ...nothing, epoch: 500 })).toHaveLength(1);
  });
});
