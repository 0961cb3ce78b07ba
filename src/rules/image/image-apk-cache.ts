import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageApkCache: Rule<"image"> = contentRule({
  id: "image-apk-cache",
  class: "apk-cache",
  severity: "medium",
  risk: 0,
  measures: ["apk-cache-kept"],
  summary: "The cache of apk is in the image",
  why: `apk keeps its indexes, and packages where \`/etc/apk/cache\` is set up, unless it is told \`--no-cache\`. What
is installed does not need them. \`/lib/apk/db\` and \`/usr/lib/apk/db\`, which say what is installed, stay.`,
  aliases: ["DKL-DI-0004"],
  what: "indexes and packages that apk keeps",
  spare: "apk fetches them again when it needs them",
  fix: () => "apk add --no-cache, without apk update before it",
  examples: [
    { title: "an index", layers: [{ "var/cache/apk/APKINDEX.tar.gz": 2_000_000 }], reports: ["var/cache/apk"] },
    {
      title: "what is installed",
      layers: [{ "lib/apk/db/installed": 2_000_000, "usr/lib/apk/db/scripts.tar": 900_000 }],
      reports: [],
    },
  ],
});
