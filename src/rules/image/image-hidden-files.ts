import type { Rule } from "../rule.ts";
import { wasteRule } from "../waste-rule.ts";

export const imageHiddenFiles: Rule<"image"> = wasteRule({
  id: "image-hidden-files",
  cause: "hidden",
  severity: "medium",
  summary: "Files of a directory that a later layer empties are still in the image",
  why: `A directory that is removed and made again in one RUN is marked opaque: what earlier layers put into it is
hidden and stays in the image. Remove it in the instruction that filled it, or fill it in a build stage.`,
  brings: "brings them",
  hides: "hides the directory they are in",
  fate: "are hidden by a later layer and stay in the image",
  fix: `Remove the directory in the instruction that fills it, or fill it in a build stage`,
  copies: false,
  examples: [
    {
      title: "a directory made anew",
      layers: [
        { "d/x": 3_000_000, "d/y": 500 },
        { "d/.wh..wh..opq": "", "d/z": 1 },
      ],
      reports: ["d"],
    },
    { title: "an empty one", layers: [{ "d/": "" }, { "d/.wh..wh..opq": "", "d/z": 1 }], reports: [] },
  ],
});
