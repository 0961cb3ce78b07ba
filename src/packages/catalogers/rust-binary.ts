import { binaryFacts, condenseBinary, wantsBinary } from "../binary/binary-facts.ts";
import type { Cataloger } from "../cataloger.ts";
import { languagePackage } from "../reading/language-package.ts";

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
  examples: [
    {
      title: "crates of the program; what only its build needed is left out",
      files: {
        "srv/libshop.so": {
          base64:
            "f0VMRgIBAQAAAAAAAAAAAAMAPgABAAAAAAAAAAAAAAAAAAAAAAAAAOgAAAAAAAAAAAAAAEAAOAAAAEAAAwACAHjabY5BCgMhDEXv" +
            "krWIthSKVymzcDS0YawRdboZvHvDLMq0dJlH3uNvUHxY/B0buNsG2T8RHIQACl5YG3GW02qjr2dBjdca9ofqOzZNLHChHAXNK6UI" +
            "Q30iiebvjNEnbS/mf+cgtgeXH1EWHLXEwScBEQvmiDnQvt8oOymozB1cryuOabwBqPBGdgAAAAAAAAAuZGVwLXYwAC5zaHN0cnRh" +
            "YgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAAA" +
            "AQAAAAMAAAAAAAAAABAAAAAAAABAAAAAAAAAAIoAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAACQAAAAMAAAAAAAAAAAAA" +
            "AAAAAAAAAAAA0AAAAAAAAAATAAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAA==",
        },
      },
      purls: ["pkg:cargo/libc@0.2.150", "pkg:cargo/shop@0.1.0"],
    },
  ],
};
