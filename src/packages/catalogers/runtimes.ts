import { binaryFacts, condenseBinary, wantsBinary } from "../binary/binary-facts.ts";
import type { Cataloger } from "../cataloger.ts";
import { languagePackage } from "../reading/language-package.ts";
import { runtimes as known } from "../runtimes/list.ts";

/** The paths of all in one, for it is asked about every file of an image. */
const anyPath = new RegExp(known.map(({ path }) => path.source).join("|"));

/**
 * Interpreters and servers, found whoever installed them: those whose file an OS package lists get that package as their
 * `owner` afterwards and are then the distribution's affair.
 */
export const runtimes: Cataloger = {
  id: "runtimes",
  summary: "Interpreters and common servers, by the version strings in their binaries",
  evidence: "installed",
  wants: (path, file) =>
    anyPath.test(path) &&
    known.some((one) => one.path.test(path) && (one.text ? file.size <= 1 << 16 : wantsBinary(path, file))),
  condense: condenseBinary,
  *catalog(files) {
    for (const path of files.paths)
      for (const found of binaryFacts(files, path)?.runtimes ?? []) {
        const runtime = known.find((one) => one.id === found.id);
        if (!runtime) continue;
        const name = runtime.name ?? runtime.id;
        yield* languagePackage({ type: runtime.type ?? "generic", name, version: found.version, files: [path] });
      }
  },
  examples: [
    {
      title: "a Java runtime unpacked below /opt, and Go's own tools",
      files: {
        "opt/java/openjdk/release": 'IMPLEMENTOR="Eclipse Adoptium"\nJAVA_VERSION="21.0.4"\nOS_NAME="Linux"\n',
        "usr/local/go/VERSION": "go1.22.6\ntime 2024-07-30T22:15:14Z\n",
      },
      purls: ["pkg:generic/java@21.0.4", "pkg:golang/toolchain@1.22.6"],
    },
  ],
};
