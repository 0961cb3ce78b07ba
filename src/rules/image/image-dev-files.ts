import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageDevFiles: Rule<"image"> = contentRule({
  id: "image-dev-files",
  class: "dev-files",
  severity: "low",
  risk: 2,
  summary: "Headers and static libraries are in the image",
  why: `Headers, static libraries, libtool archives and pkg-config files are read when something is compiled against a
library, not when it runs. Install them in a build stage, or in the same RUN that compiles and removes them.`,
  what: "headers and static libraries",
  spare: "only compiling reads them",
  least: 1_000_000,
  fix: () => "Compile in a first stage; in the last, install the library without its -dev package",
  examples: [
    {
      title: "headers and a static library",
      layers: [
        {
          "usr/include/openssl/ssl.h": 900_000,
          "usr/lib/x86_64-linux-gnu/libssl.a": 9_000_000,
          "usr/lib/pkgconfig/x.pc": 9,
        },
      ],
      reports: ["usr/lib/x86_64-linux-gnu"],
    },
    { title: "shared libraries", layers: [{ "usr/lib/libssl.so.3": 9_000_000 }], reports: [] },
  ],
});
