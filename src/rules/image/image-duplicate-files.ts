import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageDuplicateFiles: Rule<"image"> = contentRule({
  id: "image-duplicate-files",
  class: "duplicate-files",
  severity: "low",
  risk: 1,
  summary: "The same file is in the image more than once",
  why: `Files of 4 kB or more that have the same contents byte for byte, under several names that are not hard links.
Only copies above the base count, and only such files as no other rule speaks of. Copies in one layer can become hard
links (\`ln\` in the same RUN); one that a later layer brings should be left out, or be a symbolic link to the first.`,
  what: "copies of files that are there already",
  spare: "each has the same contents as another, byte for byte",
  shownLabels: 1,
  fix: () => "COPY each file once; where a second name is needed, make it a link in the same RUN",
  examples: [
    {
      title: "copied twice",
      layers: [{ "opt/a/model.bin": 9_000_000 }, { "opt/b/model.bin": 9_000_000, "opt/c/small": 100 }],
      reports: ["opt/b"],
    },
    {
      title: "hard links, small files, and copies in the base",
      layers: [
        { "a/x": 9_000_000, "b/x": 9_000_000 },
        { "c/y": 8_000_000, "d/y": { same: "c/y" }, e: 100, f: 100 },
      ],
      base: 1,
      reports: [],
    },
  ],
});
