import type { Cataloger } from "../cataloger.ts";
import { entriesOf, type Json, objectOf, textOf } from "../documents.ts";
import { type Locked, lockFile } from "../lockfiles/lock-file.ts";
import { parseToml } from "../lockfiles/toml.ts";

/** Gradle's catalogue of versions: what builds ask for by name. A range, or a version chosen by a platform, says none. */
export const gradleCatalog: Cataloger = lockFile({
  id: "gradle-catalog",
  summary: "Gradle: gradle/libs.versions.toml and other version catalogues",
  type: "maven",
  path: /(?:^|\/)[^/]+\.versions\.toml$/,
  *read(text, _path, damaged) {
    const catalog = parseToml(text);
    if (!catalog) damaged("it is no TOML");
    for (const [, entry] of entriesOf(catalog?.["libraries"])) {
      const found = libraryOf(entry, objectOf(catalog?.["versions"]) ?? {});
      if (found) yield found;
    }
  },
  examples: [
    {
      title: "libraries with versions of their own, shared ones, rich ones; a range and one without are left out",
      files: {
        "gradle/libs.versions.toml":
          '[versions]\nnetty = "4.1.100.Final"\nguava = { strictly = "[30, 33[", prefer = "32.0.0-jre" }\n\n[libraries]\nnetty-codec = { module = "io.netty:netty-codec", version.ref = "netty" }\nguava = { group = "com.google.guava", name = "guava", version.ref = "guava" }\nsnakeyaml = "org.yaml:snakeyaml:1.26"\njunit = { module = "junit:junit", version = "4.13.2" }\nslf4j = { module = "org.slf4j:slf4j-api", version = "[1.7,2[" }\nspring = { module = "org.springframework:spring-core" }\n\n[plugins]\nkotlin = { id = "org.jetbrains.kotlin.jvm", version = "1.9.0" }\n',
      },
      purls: [
        "pkg:maven/com.google.guava/guava@32.0.0-jre",
        "pkg:maven/io.netty/netty-codec@4.1.100.Final",
        "pkg:maven/junit/junit@4.13.2",
        "pkg:maven/org.yaml/snakeyaml@1.26",
      ],
    },
  ],
});

/** `"group:name:version"`, or a table that says the same in parts. */
function libraryOf(entry: unknown, versions: Json): Locked | undefined {
  const short = textOf(entry)?.split(":");
  const table = objectOf(entry) ?? {};
  const module = textOf(table["module"]) ?? `${textOf(table["group"]) ?? ""}:${textOf(table["name"]) ?? ""}`;
  const name = short ? short.slice(0, 2).join(":") : module;
  const reference = textOf(objectOf(table["version"])?.["ref"]);
  const version = short ? short[2] : versionOf(reference === undefined ? table["version"] : versions[reference]);
  return /^[^:\s]+:[^:\s]+$/.test(name) && version !== undefined && /^[\w.-]+$/.test(version)
    ? { name, version }
    : undefined;
}

/** A rich version is one with preferences: the first that names one version. */
function versionOf(written: unknown): string | undefined {
  const rich = objectOf(written);
  const said = rich ? ["strictly", "require", "prefer"].map((key) => textOf(rich[key])) : [textOf(written)];
  return said.find((one) => one !== undefined && /^[\w.-]+$/.test(one)) ?? undefined;
}
