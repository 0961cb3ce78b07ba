import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageGoBuildFiles: Rule<"image"> = contentRule({
  id: "image-go-build-files",
  class: "go-build",
  severity: "medium",
  risk: 1,
  measures: ["other-cache-left"],
  summary: "Go's toolchain or module cache is in the image",
  why: `A Go program is one file. The toolchain, the sources of the modules and the build cache are needed to make it
and never to run it, unless what the image starts is \`go\` itself. Build in a first stage and copy the program out of
it.`,
  what: "what Go needs to build",
  spare: "a Go program runs without them",
  fix: () => "Build in a first stage; in the last: COPY --from=build /the/program /the/program, on a small base",
  examples: [
    {
      title: "modules and build cache in the image that runs",
      layers: [
        { "usr/local/go/bin/go": 80_000_000 },
        { "go/pkg/mod/cache/x.zip": 30_000_000, "root/.cache/go-build/aa": 9_000_000 },
      ],
      base: 1,
      config: { entrypoint: ["/app"] },
      reports: ["go/pkg/mod", "usr/local/go"],
    },
    {
      title: "an image that starts go",
      layers: [{ "usr/local/go/bin/go": 80_000_000, "go/pkg/mod/x/y.go": 30_000_000 }],
      config: { cmd: ["go", "run", "."] },
      reports: [],
    },
  ],
});
