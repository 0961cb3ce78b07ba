import type { Cataloger } from "../cataloger.ts";
import { readText } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";

const installed = /(?:^|\/)\.opam-switch\/packages\/([^/.]+)\.([^/]+)\/opam$/;
const largest = 1 << 20;

/** OCaml packages of every switch of opam: name and version are those of the directory (names hold no dot). */
export const opam: Cataloger = {
  id: "opam",
  summary: "OCaml packages: .opam-switch/packages/*/opam",
  evidence: "installed",
  wants: (path, { size }) => path.endsWith("/opam") && installed.test(path) && size <= largest,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      const [, name, version] = installed.exec(path) ?? [];
      if (name === undefined || version === undefined) continue;
      const text = readText(files, path, largest) ?? "";
      if (!/^opam-version\s{0,20}:/m.test(text)) unreadable(path, "it does not say the version of its format");
      const license = /^license\s{0,20}:\s{0,20}\[?\s{0,20}"([^"\n]{1,200})"/m.exec(text)?.[1] ?? "";
      const depends = /^depends\s{0,20}:\s{0,20}\[([^\]]{0,20000})\]/m.exec(text)?.[1] ?? "";
      yield* languagePackage({
        type: "opam",
        name,
        version,
        files: [path],
        licenses: [license],
        // Versions stand in braces and quotes behind the names.
        requires: [...depends.replace(/\{[^}]{0,1000}\}/g, "").matchAll(/"([\w+-]{1,200})"/g)].map(
          ([, one = ""]) => one,
        ),
      });
    }
  },
  examples: [
    {
      title: "a package of a switch",
      files: {
        "home/opam/.opam/4.14/.opam-switch/packages/cohttp.5.3.0/opam":
          'opam-version: "2.0"\nlicense: "ISC"\ndepends: [\n  "dune" {>= "2.0"}\n  "ocaml" {>= "4.08"}\n]\n',
      },
      purls: ["pkg:opam/cohttp@5.3.0"],
    },
  ],
};
