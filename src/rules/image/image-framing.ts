import { formatBytes } from "../../core/index.ts";
import { broughtBy, inImage } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

/** Bytes and share of a layer below which nobody would change anything. */
const least = 1_000_000;
const share = 0.15;

export const imageFraming: Rule<"image"> = {
  id: "image-framing",
  subject: "image",
  aim: "speed",
  severity: "info",
  summary: "Much of a layer is frames around very small files",
  why: `A tar gives each file a header of 512 bytes, more with long names or extended attributes, and fills its contents up to the next 512. With many small
files that is a good part of the layer. It packs well, but it is unpacked, hashed and written file by file on every machine the image comes to: few large
files (a bundle, a zipped library, a single program) start sooner.`,
  *check({ image }) {
    for (const [index, { tarBytes, bytes, entries }] of image.weight.layers.entries()) {
      const frames = tarBytes - bytes.unpacked;
      if (index < image.weight.baseLayers || frames < least || frames < share * tarBytes) continue;
      yield {
        message: `${formatBytes(frames)} of the ${formatBytes(tarBytes)} of this layer are frames around ${entries} files`,
        at: inImage(image, index),
        ...broughtBy(image, [[index, "brings them"]]),
        ...assistedFix("Bring fewer and larger files: a bundle, or production dependencies alone"),
      };
    }
  },
  examples: [
    {
      title: "thousands of empty files",
      layers: [Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`d/${i}`, ""]))],
      reports: [""],
    },
    { title: "large files", layers: [{ a: 9_000_000, b: "" }], reports: [] },
  ],
};
