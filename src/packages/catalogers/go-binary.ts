import { binaryFacts, condenseBinary, wantsBinary } from "../binary/binary-facts.ts";
import type { GoBuildInfo } from "../binary/go-build-info.ts";
import type { Cataloger } from "../cataloger.ts";
import { languagePackage } from "../reading/language-package.ts";
import { goMainVersion } from "../reading/go-main-version.ts";
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
  examples: [
    {
      title:
        "the standard library, a replaced module, and a version the linker was told; a directory's module is left out",
      files: {
        "srv/libshop.so": {
          base64:
            "f0VMRgIBAQAAAAAAAAAAAAMAPgABAAAAAAAAAAAAAAAAAAAAAAAAAMgBAAAAAAAAAAAAAEAAOAAAAEAAAwACAP8gR28gYnVpbGRp" +
            "bmY6CAIAAAAAAAAAAAAAAAAAAAAAF2dvMS4yMi4zIFg6Ym9yaW5nY3J5cHRvqAIwMTIzNDU2Nzg5Ojs8PT4/cGF0aAlleGFtcGxl" +
            "LmNvbS9zaG9wL2NtZC9zaG9wCm1vZAlleGFtcGxlLmNvbS9zaG9wCShkZXZlbCkJCmRlcAlnaXRodWIuY29tL2dvcmlsbGEvbXV4" +
            "CXYxLjguMAloMTp4PQpkZXAJZ29sYW5nLm9yZy94L25ldAl2MC4xMC4wCj0+CWdvbGFuZy5vcmcveC9uZXQJdjAuMTcuMAloMTp5" +
            "PQpkZXAJZXhhbXBsZS5jb20vaGVyZQl2MC4wLjAKPT4JLi4vaGVyZQkJCmJ1aWxkCS1sZGZsYWdzPSItcyAtWCBtYWluLnZlcnNp" +
            "b249MS40LjIiCmJ1aWxkCUdPT1M9bGludXgKMDEyMzQ1Njc4OTo7PD0+PwAAAAAAAAAuZ28uYnVpbGRpbmZvAC5zaHN0cnRhYgAA" +
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAAAAB" +
            "AAAAAwAAAAAAAAAAEAAAAAAAAEAAAAAAAAAAYgEAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAPAAAAAwAAAAAAAAAAAAAA" +
            "AAAAAAAAAACoAQAAAAAAABkAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAA",
        },
      },
      purls: [
        "pkg:golang/example.com/shop@v1.4.2",
        "pkg:golang/github.com/gorilla/mux@v1.8.0",
        "pkg:golang/golang.org/x/net@v0.17.0",
        "pkg:golang/stdlib@1.22.3",
      ],
    },
  ],
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
  for (const { path: name, version } of modules)
    yield* languagePackage({ type: "golang", name, version, files: [path] });
}

/** "go1.21.0 X:boringcrypto", "go1.20.12 (Red Hat 1.20.12-1)" and "go1.22.1-X:nocoverageredesign" are what comes first in them. */
function standardLibrary(goVersion: string): string | undefined {
  return /^(?:devel )?go(\d[^\s]*?)(?:-X:.*)?(?:\s.*)?$/s.exec(goVersion)?.[1];
}
