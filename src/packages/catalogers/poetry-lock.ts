import type { Cataloger } from "../cataloger.ts";
import { entriesOf, objectOf, textOf, textsOf } from "../documents.ts";
import { lockFile } from "../lockfiles/lock-file.ts";
import { packageTables } from "../lockfiles/toml.ts";

/** Poetry's lock file; what is for development is a category until 1.4 and a list of groups since 2.0. */
export const poetryLock: Cataloger = lockFile({
  id: "poetry-lock",
  summary: "Poetry: poetry.lock",
  type: "pypi",
  path: /(?:^|\/)poetry\.lock$/,
  *read(text, _path, damaged) {
    for (const table of packageTables(text, damaged)) {
      const kind = textOf(objectOf(table["source"])?.["type"]);
      if (kind === "directory" || kind === "file") continue;
      const groups = textsOf(table["groups"]);
      if (textOf(table["version"]) === undefined) damaged("a package in it has no version");
      yield {
        name: textOf(table["name"]) ?? "",
        version: textOf(table["version"]) ?? "",
        dev: table["category"] === "dev" || (groups.length > 0 && !groups.includes("main")),
        requires: entriesOf(table["dependencies"]).map(([name]) => name),
      };
    }
  },
  examples: [
    {
      title: "a package and one for development",
      files: {
        "poetry.lock":
          '[[package]]\nname = "Flask"\nversion = "2.0.1"\ngroups = ["main"]\n\n[package.dependencies]\nclick = ">=7"\n\n[[package]]\nname = "pytest"\nversion = "7.4.0"\ncategory = "dev"\n',
      },
      purls: ["pkg:pypi/flask@2.0.1", "pkg:pypi/pytest@7.4.0"],
    },
  ],
});
