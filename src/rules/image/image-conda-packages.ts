import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageCondaPackages: Rule<"image"> = contentRule({
  id: "image-conda-packages",
  class: "conda-packages",
  severity: "medium",
  risk: 0,
  measures: ["other-cache-left"],
  summary: "The package cache of conda is in the image",
  why: `conda unpacks a package in \`pkgs\` and links its files into environments. Files that an environment shares
with it are one file and are not counted: what counts here (archives, and unpacked packages that no environment links
to) goes without anybody missing it.`,
  what: "packages that conda keeps",
  spare: "no environment shares these files",
  fix: () => "In the RUN that installs: && conda clean -afy (mamba likewise)",
  examples: [
    {
      title: "archives beside shared files",
      layers: [
        {
          "opt/conda/pkgs/numpy.conda": 9_000_000,
          "opt/conda/pkgs/numpy/lib/x.so": 50_000_000,
          "opt/conda/lib/x.so": { same: "opt/conda/pkgs/numpy/lib/x.so" },
          "opt/conda/pkgs/a": 3_000_000,
          "opt/conda/pkgs/b": { same: "opt/conda/pkgs/a" },
        },
      ],
      reports: ["opt/conda/pkgs"],
    },
    {
      title: "shared files alone, and the database of an environment",
      layers: [
        {
          "opt/conda/pkgs/numpy/lib/x.so": 50_000_000,
          "opt/conda/lib/x.so": { same: "opt/conda/pkgs/numpy/lib/x.so" },
          "opt/conda/conda-meta/numpy.json": 900_000,
        },
      ],
      reports: [],
    },
  ],
});
