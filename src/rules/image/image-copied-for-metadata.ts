import type { Rule } from "../rule.ts";
import { wasteRule } from "../waste-rule.ts";

export const imageCopiedForMetadata: Rule<"image"> = wasteRule({
  id: "image-copied-for-metadata",
  cause: "metadata",
  severity: "medium",
  measures: ["ownership-copy"],
  summary: "chmod, chown or touch stored files a second time",
  why: `A layer stores files whole. Changing the owner, the mode or the time of a file of an earlier layer, or giving
it another hard link, stores its contents once more. Set them where the file comes in: \`COPY --chown=\` and \`COPY
--chmod=\`, or chmod and chown in the RUN that makes it. Never \`chown -R\` a directory of an earlier layer.`,
  brings: "brings them",
  hides: "stores them again",
  fate: "are in the image twice with the same contents: a later layer changed their owner, mode or time",
  fix: `COPY --chown=… --chmod=…, or chown and chmod in the RUN that brings them`,
  baseFix:
    "Leave the base's files as they are; where installing or upgrading packages stored them again, choose a newer base",
  copies: true,
  examples: [
    {
      title: "a chown of what was copied",
      layers: [
        { "app/x": 9_000_000, "app/y": 50 },
        { "app/x 644 10:10": 9_000_000, "app/y 644 10:10": 50 },
      ],
      instructions: ["COPY . /app", "RUN chown -R app /app"],
      reports: ["app"],
    },
    {
      title: "a chmod of the base's files costs as much",
      layers: [{ "opt/x": 9_000_000 }, { "opt/x 755": 9_000_000 }],
      base: 1,
      reports: ["opt/x"],
    },
    {
      title: "an upgrade of the base's packages is told and is no more than that: only a newer base is without it",
      layers: [{ "usr/lib/x": 9_000_000 }, { "usr/lib/x 755": 9_000_000 }],
      base: 1,
      instructions: ["RUN apt-get update && apt-get install -y --only-upgrade x && rm -rf /var/lib/apt/lists/*"],
      reports: ["usr/lib/x"],
    },
    { title: "directories weigh nothing", layers: [{ "d/": "", "d/x": 9_000_000 }, { "d/ 700": "" }], reports: [] },
  ],
});
