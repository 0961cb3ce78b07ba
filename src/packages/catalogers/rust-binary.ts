import { binaryFacts, condenseBinary, wantsBinary } from "../binary/binary-facts.ts";
import type { Cataloger } from "../cataloger.ts";
import { languagePackage } from "../language-package.ts";

/** Crates of programs that were built with `cargo auditable`. */
export const rustBinary: Cataloger = {
  id: "rust-binary",
  summary: "Crates compiled into Rust programs, where the build recorded them",
  evidence: "installed",
  wants: wantsBinary,
  condense: condenseBinary,
  *catalog(files) {
    for (const path of files.paths)
      for (const { name, version, requires } of binaryFacts(files, path)?.rust ?? [])
        yield* languagePackage({ type: "cargo", name, version, files: [path], requires });
  },
  examples: [],
};
