import { binaryFacts, condenseBinary, wantsBinary } from "../binary/binary-facts.ts";
import type { GoBuildInfo } from "../binary/go-build-info.ts";
import type { Cataloger } from "../cataloger.ts";
import { languagePackage } from "../language-package.ts";
import { goMainVersion } from "./go-main-version.ts";
import type { Package } from "../package.ts";

/** What the Go linker recorded in a program: the standard library, every module (the replacement wins) and the program itself. */
export const goBinary: Cataloger = {
  id: "go-binary",
  summary: "Modules and standard library compiled into Go programs",
  evidence: "installed",
  wants: wantsBinary,
  condense: condenseBinary,
  *catalog(files) {
    for (const path of files.paths) {
      const info = binaryFacts(files, path)?.go;
      if (info) yield* modulesOf(info, path);
    }
  },
  examples: [],
};

function* modulesOf(info: GoBuildInfo, path: string): Generator<Package> {
  const library = standardLibrary(info.goVersion);
  const modules = info.dependencies
    .map((one) => one.replace ?? one)
    // A directory put in a module's place has no version, and nobody outside knows what is in it.
    .filter((one) => one.version !== "" && one.version !== "(devel)" && !/^(?:\.|\/|[A-Za-z]:)/.test(one.path));
  if (library) yield* languagePackage({ type: "golang", name: "stdlib", version: library, files: [path] });
  if (info.main && info.main.path !== "") {
    const version = goMainVersion(info);
    const requires = [...modules.map((one) => one.path), ...(library ? ["stdlib"] : [])];
    yield* languagePackage({
      type: "golang",
      name: info.main.path,
      version: version ?? "(devel)",
      versioned: version !== undefined,
      files: [path],
      requires,
    });
  }
  for (const { path: name, version } of modules) yield* languagePackage({ type: "golang", name, version, files: [path] });
}

/** "go1.21.0 X:boringcrypto", "go1.20.12 (Red Hat 1.20.12-1)" and "go1.22.1-X:nocoverageredesign" are what comes first in them. */
function standardLibrary(goVersion: string): string | undefined {
  return /^(?:devel )?go(\d[^\s]*?)(?:-X:.*)?(?:\s.*)?$/s.exec(goVersion)?.[1];
}
