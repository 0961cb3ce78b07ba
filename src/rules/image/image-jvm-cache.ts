import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageJvmCache: Rule<"image"> = contentRule({
  id: "image-jvm-cache",
  class: "jvm-cache",
  severity: "medium",
  risk: 1,
  summary: "Caches of Maven, Gradle, Ivy or sbt are in the image",
  why: `They hold every plugin and library that building needed, sources of the build tool included. A packaged
program carries what it needs itself. Build in a first stage, or keep the cache in a cache mount.`,
  what: "libraries and plugins that a build tool keeps",
  spare: "the packaged program carries what it needs",
  fix: () => "Build in a first stage and copy the jar, or RUN --mount=type=cache,target=/root/.m2 (/root/.gradle)",
  examples: [
    { title: "Maven's", layers: [{ "root/.m2/repository/org/x/x.jar": 90_000_000 }], reports: ["root/.m2/repository"] },
    {
      title: "an image that starts the build tool",
      layers: [{ "root/.m2/repository/org/x/x.jar": 90_000_000 }],
      config: { cmd: ["mvn", "verify"] },
      reports: [],
    },
  ],
});
