import type { Cataloger } from "../cataloger.ts";
import { entriesOf, listOf, objectOf, textOf, textsOf } from "../documents.ts";
import { lockFile, lockJson } from "../lockfiles/lock-file.ts";

/** Composer's lock file. */
export const composerLock: Cataloger = lockFile({
  id: "composer-lock",
  summary: "Composer: composer.lock",
  type: "composer",
  path: /(?:^|\/)composer\.lock$/,
  *read(text, _path, damaged) {
    const lock = lockJson(text, damaged);
    for (const list of ["packages", "packages-dev"])
      for (const one of listOf(lock[list]).map(objectOf))
        yield {
          name: (textOf(one?.["name"]) ?? "").toLowerCase(),
          version: (textOf(one?.["version"]) ?? "").replace(/^v(?=\d)/, ""),
          dev: list === "packages-dev",
          licenses: textsOf(one?.["license"]),
          requires: entriesOf(one?.["require"]).flatMap(([name]) => (name.includes("/") ? [name] : [])),
        };
  },
  examples: [
    {
      title: "a package and one for development",
      files: {
        "composer.lock":
          '{"packages":[{"name":"monolog/monolog","version":"2.9.1","require":{"php":">=7.2","psr/log":"^1.0"}}],"packages-dev":[{"name":"phpunit/phpunit","version":"v10.0.1"}]}',
      },
      purls: ["pkg:composer/monolog/monolog@2.9.1", "pkg:composer/phpunit/phpunit@10.0.1"],
    },
  ],
});
