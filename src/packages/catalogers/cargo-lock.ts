import type { Cataloger } from "../cataloger.ts";
import { textOf, textsOf } from "../documents.ts";
import { lockFile } from "../lockfiles/lock-file.ts";
import { packageTables } from "../lockfiles/toml.ts";

/** Cargo's lock file, all four versions. Crates without a source are the project's own. */
export const cargoLock: Cataloger = lockFile({
  id: "cargo-lock",
  summary: "Cargo: Cargo.lock",
  type: "cargo",
  path: /(?:^|\/)Cargo\.lock$/,
  *read(text, _path, damaged) {
    for (const table of packageTables(text, damaged)) {
      const [name, version] = [textOf(table["name"]), textOf(table["version"])];
      if (version === undefined) damaged("a package in it has no version");
      if (name === undefined || version === undefined || textOf(table["source"]) === undefined) continue;
      yield { name, version, requires: textsOf(table["dependencies"]).map((one) => one.split(" ", 1)[0] ?? "") };
    }
  },
  examples: [
    {
      title: "a crate of the registry; the project itself is left out",
      files: {
        "Cargo.lock":
          'version = 3\n\n[[package]]\nname = "shop"\nversion = "0.1.0"\ndependencies = ["libc"]\n\n[[package]]\nname = "libc"\nversion = "0.2.150"\nsource = "registry+https://index.example"\n',
      },
      purls: ["pkg:cargo/libc@0.2.150"],
    },
  ],
});
