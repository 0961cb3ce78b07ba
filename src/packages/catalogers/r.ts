import type { Cataloger } from "../cataloger.ts";
import { readText } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";
import { parseMailHeaders } from "../reading/mail-headers.ts";

const inLibrary = /(?:^|\/)(?:[\w.-]*library|R-[\d.]+)\/(?:[^/]+\/)?[^/]+\/DESCRIPTION$/;
const largest = 1 << 20;

/** R packages of every library, renv's cache too, by the description R keeps of what it built ("Built"); sources have none. */
export const r: Cataloger = {
  id: "r",
  summary: "R packages: library/*/DESCRIPTION",
  evidence: "installed",
  wants: (path, { size }) => path.endsWith("/DESCRIPTION") && size <= largest,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      const text = readText(files, path, largest) ?? "";
      const headers = parseMailHeaders(text);
      const say = (name: string): string | undefined => headers.get(name)?.[0];
      const [name, version] = [say("package"), say("version")];
      if ((name === undefined || version === undefined) && inLibrary.test(path))
        unreadable(path, "it has no name or no version");
      if (name === undefined || version === undefined || say("built") === undefined) continue;
      const needs = ["depends", "imports", "linkingto"].flatMap((field) => (say(field) ?? "").split(","));
      yield* languagePackage({
        type: "cran",
        name,
        version,
        files: [path],
        licenses: [say("license")?.replace(/\s+/g, " ") ?? ""],
        requires: needs
          .flatMap((one) => /^\s*([A-Za-z][A-Za-z0-9.]{0,200})/.exec(one)?.[1] ?? [])
          .filter((one) => one !== "R"),
      });
    }
  },
  examples: [
    {
      title: "a package of a library",
      files: {
        "usr/local/lib/R/site-library/readxl/DESCRIPTION":
          "Package: readxl\nTitle: Read Excel Files\nVersion: 1.4.0\nLicense: MIT + file LICENSE\nDepends: R (>= 3.4)\nImports: cellranger, tibble (>=\n        2.0.1), utils\nRepository: CRAN\nBuilt: R 4.2.1; x86_64-pc-linux-gnu; 2022-07-01 10:00:00 UTC; unix\n",
      },
      purls: ["pkg:cran/readxl@1.4.0"],
    },
    {
      title: "a package that was built, in renv's cache, and the sources of one",
      files: {
        "root/.cache/R/renv/cache/v5/R-4.2/x86_64-pc-linux-gnu/cli/3.6.1/0a1b/cli/DESCRIPTION":
          "Package: cli\nVersion: 3.6.1\nBuilt: R 4.2.1; ; 2023-04-01 10:00:00 UTC; unix\n",
        "srv/shop/DESCRIPTION": "Package: shop\nVersion: 0.1.0\nImports: readxl\n",
      },
      purls: ["pkg:cran/cli@3.6.1"],
    },
  ],
};
