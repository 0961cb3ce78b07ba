import type { Rule } from "../rule.ts";
import { wasteRule } from "../waste-rule.ts";

export const imageReplacedFiles: Rule<"image"> = wasteRule({
  id: "image-replaced-files",
  cause: "replaced",
  severity: "low",
  summary: "Files that a later layer replaces by something of another kind are still in the image",
  why: `A directory that becomes a file or a symbolic link, or a file that becomes a directory, hides what was there;
the bytes stay. Put things where they belong in the instruction that brings them.`,
  brings: "brings them",
  hides: "puts something else in their place",
  fate: "are replaced by a later layer and stay in the image",
  fix: `Put them where they belong in the instruction that brings them, or leave them in a build stage`,
  copies: false,
  examples: [
    {
      title: "a directory that becomes a link",
      layers: [{ "d/x": 3_000_000 }, { d: { link: "e" } }],
      reports: ["d/x"],
    },
    { title: "an empty one", layers: [{ "d/": "" }, { d: { link: "e" } }], reports: [] },
  ],
});
