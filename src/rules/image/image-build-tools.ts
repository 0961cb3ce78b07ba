import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageBuildTools: Rule<"image"> = contentRule({
  id: "image-build-tools",
  class: "build-tools",
  severity: "medium",
  risk: 2,
  measures: ["toolchain-left"],
  summary: "Compilers and other build tools are in the image",
  why: `A compiler, make, git, and \`-dev\` packages serve building alone, and serve whoever breaks in. They are
counted by the lists of files of their packages. Install them in a build stage; or install, build and purge in one RUN
(on Alpine \`apk add --virtual .build … && … && apk del .build\`).`,
  aliases: ["CIS-DI-0003"],
  what: "packages that only building needs",
  spare: "what is built runs without them",
  least: 1_000_000,
  fix: () => "Build in a first stage, or install, build and remove them in one RUN",
  examples: [
    {
      title: "a compiler and headers, by what their packages list",
      layers: [
        { "usr/bin/x86_64-linux-gnu-gcc-12": 30_000_000, "usr/include/zlib.h": 9_000_000, "usr/bin/curl": 9_000_000 },
      ],
      packages: [
        {
          purl: "pkg:deb/debian/gcc-12@12",
          type: "deb",
          name: "gcc-12",
          version: "12",
          licenses: [],
          files: [],
          owns: ["/usr/bin/x86_64-linux-gnu-gcc-12"],
        },
        {
          purl: "pkg:deb/debian/zlib1g-dev@1",
          type: "deb",
          name: "zlib1g-dev",
          version: "1",
          licenses: [],
          files: [],
          owns: ["usr/include/zlib.h"],
        },
        {
          purl: "pkg:deb/debian/curl@8",
          type: "deb",
          name: "curl",
          version: "8",
          licenses: [],
          files: [],
          owns: ["usr/bin/curl"],
        },
      ],
      reports: ["usr/bin"],
    },
    {
      title: "what runs",
      layers: [{ "usr/bin/curl": 9_000_000 }],
      packages: [
        {
          purl: "pkg:deb/debian/curl@8",
          type: "deb",
          name: "curl",
          version: "8",
          licenses: [],
          files: [],
          owns: ["usr/bin/curl"],
        },
      ],
      reports: [],
    },
  ],
});
