import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageAptArchives: Rule<"image"> = contentRule({
  id: "image-apt-archives",
  class: "apt-archives",
  severity: "low",
  risk: 0,
  summary: "Packages and indexes that apt downloaded are in the image",
  why: `apt keeps the .deb files it installs and binary indexes of its lists. What is installed does not need them,
and apt makes or fetches them again. Docker's Debian and Ubuntu images are set up to drop the packages themselves;
images made otherwise are not.`,
  what: "packages and indexes that apt keeps",
  spare: "what is installed does not need them",
  fix: () => "In the RUN that installs: && apt-get clean, or RUN --mount=type=cache,target=/var/cache/apt",
  examples: [
    {
      title: "packages and an index",
      layers: [{ "var/cache/apt/archives/curl_8_amd64.deb": 400_000, "var/cache/apt/pkgcache.bin": 30_000_000 }],
      reports: ["var/cache/apt"],
    },
    {
      title: "an empty cache",
      layers: [{ "var/cache/apt/archives/lock": "", "var/cache/apt/archives/partial/": "" }],
      reports: [],
    },
  ],
});
