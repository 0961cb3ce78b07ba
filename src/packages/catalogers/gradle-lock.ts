import type { Cataloger } from "../cataloger.ts";
import { lockFile } from "../lockfiles/lock-file.ts";

/** Gradle's lock file: `group:artifact:version=configurations`; until Gradle 7 a file for each configuration, named after it. */
export const gradleLock: Cataloger = lockFile({
  id: "gradle-lock",
  summary: "Gradle: gradle.lockfile, buildscript-gradle.lockfile, gradle/dependency-locks/*.lockfile",
  type: "maven",
  path: /(?:^|\/)(?:(?:buildscript-)?gradle|gradle\/dependency-locks\/[^/]+)\.lockfile$/,
  *read(text, path, damaged) {
    const configuration = /dependency-locks\/([^/]+)\.lockfile$/.exec(path)?.[1];
    const forBuild = path.endsWith("buildscript-gradle.lockfile") || configuration?.startsWith("buildscript-") === true;
    for (const line of text.split(/\r?\n/)) {
      const found = /^([^:=#\s]{1,256}:[^:=\s]{1,256}):([^:=\s]{1,256})(?:=(.*))?$/.exec(line);
      if (found?.[1] === undefined || found[2] === undefined) {
        if (line !== "" && !line.startsWith("#") && !line.startsWith("empty=")) damaged("a line in it names no module");
        continue;
      }
      const configurations = (found[3] ?? configuration ?? "").split(",");
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
    {
      title: "a file for one configuration, as Gradle wrote them until version 7",
      files: {
        "gradle/dependency-locks/runtimeClasspath.lockfile":
          "# Manual edits can break the build\norg.yaml:snakeyaml:1.26\n",
      },
      purls: ["pkg:maven/org.yaml/snakeyaml@1.26"],
    },
  ],
});
