import type { Cataloger } from "../cataloger.ts";
import { textOf, textsOf } from "../documents.ts";
import { lockFile } from "../lockfiles/lock-file.ts";
import { packageTables } from "../lockfiles/toml.ts";

/** PDM's lock file; a package of no group of the project itself ("default") is for development. */
export const pdmLock: Cataloger = lockFile({
  id: "pdm-lock",
  summary: "PDM: pdm.lock",
  type: "pypi",
  path: /(?:^|\/)pdm\.lock$/,
  *read(text, _path, damaged) {
    for (const table of packageTables(text, damaged)) {
      const groups = textsOf(table["groups"]);
      if (textOf(table["path"]) !== undefined) continue;
      if (textOf(table["version"]) === undefined) damaged("a package in it has no version");
      yield {
        name: textOf(table["name"]) ?? "",
        version: textOf(table["version"]) ?? "",
        dev: groups.length > 0 && !groups.includes("default"),
        requires: textsOf(table["dependencies"]).flatMap((one) => /^[A-Za-z0-9._-]{1,200}/.exec(one)?.[0] ?? []),
      };
    }
  },
  examples: [
    {
      title: "a package of the project's own group",
      files: {
        "pdm.lock":
          '[[package]]\nname = "anyio"\nversion = "4.3.0"\ngroups = ["default"]\ndependencies = ["idna>=2.8"]\n',
      },
      purls: ["pkg:pypi/anyio@4.3.0"],
    },
  ],
});
