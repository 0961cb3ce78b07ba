import type { Rule } from "../rule.ts";
import { wasteRule } from "../waste-rule.ts";

export const imageMovedFiles: Rule<"image"> = wasteRule({
  id: "image-moved-files",
  cause: "moved",
  severity: "medium",
  summary: "Files that a later layer moves are in the image twice",
  why: `\`mv\` across layers is a copy and a deletion: the contents are stored again under the new name, and stay
under the old one. Move a file in the RUN that makes it, or COPY it to where it belongs.`,
  brings: "brings them",
  hides: "moves them",
  fate: "are moved by a later layer and in the image twice",
  fix: `COPY them to where they belong, or move them in the instruction that brings them`,
  copies: true,
  examples: [
    { title: "moved", layers: [{ "tmp/x": 9_000_000 }, { "tmp/x": null, "opt/x": 9_000_000 }], reports: ["tmp/x"] },
    {
      title: "moved in the same layer, or small",
      layers: [
        { "opt/x": 9_000_000, a: 7 },
        { a: null, b: 7 },
      ],
      reports: [],
    },
  ],
});
