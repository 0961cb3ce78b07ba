import type { Cataloger } from "../cataloger.ts";
import { entriesOf, objectOf, textOf } from "../documents.ts";
import { lockFile, lockJson } from "../lockfiles/lock-file.ts";

/** Pipenv's lock file. */
export const pipfileLock: Cataloger = lockFile({
  id: "pipfile-lock",
  summary: "Pipenv: Pipfile.lock",
  type: "pypi",
  path: /(?:^|\/)Pipfile\.lock$/,
  *read(text, _path, damaged) {
    for (const [category, packages] of entriesOf(lockJson(text, damaged))) {
      if (category === "_meta") continue;
      for (const [name, entry] of entriesOf(packages)) {
        const version = /^===?(.+)$/.exec(textOf(objectOf(entry)?.["version"]) ?? "")?.[1];
        if (version !== undefined) yield { name, version, dev: category === "develop" };
      }
    }
  },
  examples: [
    {
      title: "both categories",
      files: {
        "Pipfile.lock":
          '{"_meta":{"hash":{"sha256":"x"}},"default":{"requests":{"version":"==2.31.0"}},"develop":{"pytest":{"version":"==7.4.0"}}}',
      },
      purls: ["pkg:pypi/pytest@7.4.0", "pkg:pypi/requests@2.31.0"],
    },
  ],
});
