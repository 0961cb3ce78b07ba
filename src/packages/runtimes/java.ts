import type { Runtime } from "./runtime.ts";

export const java: Runtime = {
  id: "java",
  summary: "A Java runtime, by its release file",
  path: /(?:^|\/)[^/]*(?:jdk|jre|java|jvm|temurin|corretto|zulu|graal)[^/]*\/(?:[^/]+\/)?release$/,
  text: true,
  versions: [/(?:^|\n)JAVA_VERSION="(\d[\w.+-]{0,40})"/],
};
