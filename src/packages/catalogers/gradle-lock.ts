import type { Cataloger } from "../cataloger.ts";
import { lockFile } from "../lockfiles/lock-file.ts";

/** Gradle's lock file: `group:artifact:version=configurations`. */
export const gradleLock: Cataloger = lockFile({
  id: "gradle-lock",
  summary: "Gradle: gradle.lockfile and buildscript-gradle.lockfile",
  type: "maven",
  path: /(?:^|\/)(?:buildscript-)?gradle\.lockfile$/,
  *read(text, path, damaged) {
    const forBuild = path.endsWith("buildscript-gradle.lockfile");
    for (const line of text.split(/\r?\n/)) {
      const found = /^([^:=#\s]{1,256}:[^:=\s]{1,256}):([^:=\s]{1,256})=(.*)$/.exec(line);
      if (found?.[1] === undefined || found[2] === undefined) {
        if (line !== "" && !line.startsWith("#") && !line.startsWith("empty=")) damaged("a line in it names no module");
        continue;
      }
      const configurations = (found[3] ?? "").split(",");
      yield { name: found[1], version: found[2], dev: forBuild || configurations.every((one) => /test/i.test(one)) };
    }
  },
  examples: [
    {
      title: "one for the program, one for its tests",
      files: {
        "gradle.lockfile":
          "# This is a Gradle generated file\ncom.google.guava:guava:31.1-jre=compileClasspath,runtimeClasspath\njunit:junit:4.13.2=testCompileClasspath,testRuntimeClasspath\nempty=annotationProcessor\n",
      },
      purls: ["pkg:maven/com.google.guava/guava@31.1-jre", "pkg:maven/junit/junit@4.13.2"],
    },
  ],
});
