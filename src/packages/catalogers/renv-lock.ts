import type { Cataloger } from "../cataloger.ts";
import { entriesOf, objectOf, textOf, textsOf } from "../documents.ts";
import { lockFile, lockJson } from "../lockfiles/lock-file.ts";

/** renv's lock file; a local package is the project's own. */
export const renvLock: Cataloger = lockFile({
  id: "renv-lock",
  summary: "R: renv.lock",
  type: "cran",
  path: /(?:^|\/)renv\.lock$/,
  *read(text, _path, damaged) {
    for (const [key, value] of entriesOf(lockJson(text, damaged)["Packages"])) {
      const entry = objectOf(value);
      const version = textOf(entry?.["Version"]);
      if (!entry || version === undefined || textOf(entry["Source"]) === "Local") continue;
      // Since renv 1.1 an entry holds the whole description, in which names carry conditions.
      const listed = ["Requirements", "Depends", "Imports", "LinkingTo"].flatMap((field) => textsOf(entry[field]));
      const requires = listed
        .map((one) => /^[A-Za-z][A-Za-z0-9.]{0,200}/.exec(one)?.[0] ?? "")
        .filter((one) => one !== "" && one !== "R");
      yield { name: textOf(entry["Package"]) ?? key, version, requires };
    }
  },
  examples: [
    {
      title: "a package of a repository, one of GitHub, and a local one",
      files: {
        "renv.lock":
          '{"R":{"Version":"4.2.3"},"Packages":{"readxl":{"Package":"readxl","Version":"1.4.0","Source":"Repository","Repository":"CRAN","Requirements":["R","tibble"]},"tool":{"Package":"tool","Version":"0.2.1","Source":"GitHub"},"shop":{"Package":"shop","Version":"0.1.0","Source":"Local"}}}',
      },
      purls: ["pkg:cran/readxl@1.4.0", "pkg:cran/tool@0.2.1"],
    },
  ],
});
