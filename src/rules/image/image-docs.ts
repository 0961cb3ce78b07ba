import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageDocs: Rule<"image"> = contentRule({
  id: "image-docs",
  class: "docs",
  severity: "low",
  risk: 1,
  summary: "Manuals and documentation are in the image",
  why: `Nobody reads a manual in a container. Licences and copyright files stay, for they must go with what they speak
of: they are not counted. On Debian, dpkg can be told to leave the rest out (\`path-exclude\`), and slim bases are set
up so.`,
  what: "manuals and documentation",
  spare: "no program reads them; licences are not among them",
  least: 1_000_000,
  fix: () =>
    "Before installing, on Debian: path-exclude=/usr/share/doc/* and path-include=/usr/share/doc/*/copyright in /etc/dpkg/dpkg.cfg.d/; dnf: tsflags=nodocs; elsewhere remove them in the same RUN",
  examples: [
    {
      title: "manuals of what a RUN installed",
      layers: [
        {
          "usr/share/doc/x/changelog.gz": 2_000_000,
          "usr/share/man/man1/x.1.gz": 900_000,
          "usr/share/doc/x/copyright": 5,
        },
      ],
      reports: ["usr/share/doc"],
    },
    {
      title: "licences",
      layers: [{ "usr/share/doc/x/copyright": 9_000_000, "usr/share/doc/y/LICENSE.txt": 5 }],
      reports: [],
    },
  ],
});
