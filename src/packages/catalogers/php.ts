import type { Cataloger } from "../cataloger.ts";
import { entriesOf, listOf, objectOf, readJsonValue, textOf, textsOf } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";

const installed = /(?:^|\/)composer\/installed\.json$/;

/** What Composer installed into a project's vendor directory (both forms: a list before Composer 2, an object since). */
export const php: Cataloger = {
  id: "php",
  summary: "Composer packages: vendor/composer/installed.json",
  evidence: "installed",
  wants: (path, { size }) => installed.test(path) && size <= 32 << 20,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      if (!installed.test(path)) continue;
      const value = readJsonValue(files, path);
      if (typeof value !== "object" || value === null) unreadable(path, "it is no JSON object or list");
      const development = new Set(textsOf(objectOf(value)?.["dev-package-names"]));
      for (const one of listOf(objectOf(value)?.["packages"] ?? value).map(objectOf)) {
        const [name, version] = [textOf(one?.["name"]), textOf(one?.["version"])];
        if (name === undefined || version === undefined) continue;
        yield* languagePackage({
          type: "composer",
          name: name.toLowerCase(),
          version: version.replace(/^v(?=\d)/, ""),
          licenses: textsOf(one?.["license"]),
          files: [path],
          requires: entriesOf(one?.["require"])
            .map(([key]) => key)
            .filter((key) => key.includes("/")),
          dev: development.has(name),
        });
      }
    }
  },
  examples: [
    {
      title: "Composer 2, with a package for development",
      files: {
        "srv/vendor/composer/installed.json":
          '{"packages":[{"name":"monolog/monolog","version":"2.9.1","license":["MIT"]},{"name":"phpunit/phpunit","version":"v10.0.1"}],"dev":true,"dev-package-names":["phpunit/phpunit"]}',
      },
      purls: ["pkg:composer/monolog/monolog@2.9.1", "pkg:composer/phpunit/phpunit@10.0.1"],
    },
    {
      title: "Composer 1",
      files: { "srv/vendor/composer/installed.json": '[{"name":"Twig/Twig","version":"v1.44.7"}]' },
      purls: ["pkg:composer/twig/twig@1.44.7"],
    },
  ],
};
