import type { Cataloger } from "../cataloger.ts";
import { entriesOf, objectOf, readText } from "../documents.ts";
import { parseToml } from "../lockfiles/toml.ts";
import { languagePackage } from "../reading/language-package.ts";

const register = /(?:^|\/)\.crates\.toml$/;

/** Programs that `cargo install` built, by the register it keeps: all that is known of one without the auditable section. */
export const cargoInstalled: Cataloger = {
  id: "cargo-installed",
  summary: "Rust programs of cargo install: .crates.toml",
  evidence: "installed",
  wants: (path, { size }) => path.endsWith(".crates.toml") && register.test(path) && size <= 4 << 20,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      const toml = parseToml(readText(files, path) ?? "");
      if (!toml) unreadable(path, "it is no TOML");
      for (const [key] of entriesOf(objectOf(toml?.["v1"]))) {
        // "name version (source)"; one of a path is the image's own program.
        const [, name, version, source] = /^(\S{1,200}) (\S{1,200}) \((\S{1,1000})\)$/.exec(key) ?? [];
        if (name === undefined || version === undefined || source?.startsWith("path+")) continue;
        yield* languagePackage({ type: "cargo", name, version, files: [path] });
      }
    }
  },
  examples: [
    {
      title: "a program of the registry and one of a repository; the image's own is left out",
      files: {
        "usr/local/cargo/.crates.toml":
          '[v1]\n"ripgrep 13.0.0 (registry+https://github.com/rust-lang/crates.io-index)" = ["rg"]\n"tool 0.2.1 (git+https://git.example/tool#0a1b2c)" = ["tool"]\n"shop 0.1.0 (path+file:///src/shop)" = ["shop"]\n',
      },
      purls: ["pkg:cargo/ripgrep@13.0.0", "pkg:cargo/tool@0.2.1"],
    },
  ],
};
