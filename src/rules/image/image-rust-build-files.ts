import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageRustBuildFiles: Rule<"image"> = contentRule({
  id: "image-rust-build-files",
  class: "rust-build",
  severity: "medium",
  risk: 1,
  summary: "Rust's toolchain, registry or intermediate files are in the image",
  why: `A Rust program runs without cargo's registry, without rustup's toolchains and without the intermediate files
below \`target\`. Build in a first stage and copy the program out of it.`,
  what: "what Rust needs to build",
  spare: "a Rust program runs without them",
  fix: () => "Build in a first stage; in the last: COPY --from=build /src/target/release/PROGRAM /usr/local/bin/",
  examples: [
    {
      title: "intermediate files beside the program",
      layers: [{ "src/target/release/deps/libx.rlib": 90_000_000, "src/target/release/app": 9_000_000 }],
      reports: ["src/target/release/deps"],
    },
    {
      title: "an image that starts cargo, and a program alone",
      layers: [{ "root/.cargo/registry/x": 90_000_000, "src/target/release/app": 9_000_000 }],
      config: { entrypoint: ["cargo", "test"] },
      reports: [],
    },
  ],
});
