import type { Rule } from "../rule.ts";
import { wasteRule } from "../waste-rule.ts";

export const imageDeletedFiles: Rule<"image"> = wasteRule({
  id: "image-deleted-files",
  cause: "deleted",
  severity: "medium",
  measures: ["deleted-in-later-layer"],
  summary: "Files that a later layer deletes are still in the image",
  why: `A layer never changes. Deleting a file of an earlier layer adds a mark that hides it: every pull still carries
the bytes, and whoever unpacks the layer still reads them. Delete a file in the RUN that makes it, or copy only what
is needed out of a build stage.`,
  brings: "brings them",
  hides: "deletes them",
  fate: "are deleted by a later layer and stay in the image",
  fix: `Delete them in the instruction that brings them, or bring them in a build stage`,
  copies: false,
  examples: [
    {
      title: "a file, and a directory with all that is in it",
      layers: [
        { "a.bin": 9_000_000, "d/x": 3_000_000, "d/y": 500 },
        { "a.bin": null, d: null },
      ],
      reports: ["a.bin"],
    },
    {
      title: "a file of the base: only another base is without it",
      layers: [{ "usr/lib/a.so": 9_000_000 }, { "usr/lib/a.so": null }],
      base: 1,
      reports: ["usr/lib/a.so"],
    },
    {
      title: "one name of a file that has another, and a small file",
      layers: [
        { a: 9_000_000, b: { same: "a" }, c: 10 },
        { a: null, c: null },
      ],
      reports: [],
    },
  ],
});
