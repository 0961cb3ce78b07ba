import { inImage } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const imageEndOfLife: Rule<"image"> = {
  id: "image-end-of-life",
  subject: "image",
  aim: "security",
  severity: "high",
  summary: "The image is made of a release of a distribution that no longer gets security updates",
  why: `After a release's end its maintainers fix nothing more in it, and mostly do not even say what is found: that a
scanner finds little in such an image says nothing. Days of support that only subscribers get do not count. Build on a
release that is looked after.`,
  measures: ["base-unsupported-tag"],
  *check({ image }) {
    const { release } = image;
    if (!release?.pastEnd) return;
    const since = release.endOfLife === undefined ? "" : ` since ${release.endOfLife}`;
    yield {
      message: `${release.name} has had no security updates${since}`,
      at: inImage(image),
      ...assistedFix("Change the base to a release that still gets security updates"),
    };
  },
  examples: [
    {
      title: "a release past its end",
      layers: [{ "etc/os-release": "ID=debian\nVERSION_ID=9\n" }],
      release: { name: "Debian GNU/Linux 9 (stretch)", endOfLife: "2020-07-18", pastEnd: true },
      reports: [""],
    },
    {
      title: "one that is looked after",
      layers: [{ "etc/os-release": "ID=debian\nVERSION_ID=13\n" }],
      release: { name: "Debian GNU/Linux 13 (trixie)", endOfLife: "2028-08-09", pastEnd: false },
      reports: [],
    },
  ],
};
