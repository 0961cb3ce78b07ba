import type { Cataloger } from "../cataloger.ts";
import { listOf, objectOf, textOf } from "../documents.ts";
import { lockFile } from "../lockfiles/lock-file.ts";
import { packageTables } from "../lockfiles/toml.ts";

/** The lock file that all of Python's installers share (PEP 751). What is for development stands in markers alone. */
export const pylock: Cataloger = lockFile({
  id: "pylock",
  summary: "Python: pylock.toml and pylock.*.toml",
  type: "pypi",
  path: /(?:^|\/)pylock\.(?:[^./]+\.)?toml$/,
  *read(text, _path, damaged) {
    for (const table of packageTables(text, damaged, "packages")) {
      const [name, version] = [textOf(table["name"]), textOf(table["version"])];
      // Source trees and those of the project need not say one.
      if (name === undefined || version === undefined || objectOf(table["directory"])) continue;
      const requires = listOf(table["dependencies"]).flatMap((one) => textOf(objectOf(one)?.["name"]) ?? []);
      const dev = isForDevelopment(textOf(table["marker"]) ?? "");
      yield { name, version, requires, ...(dev ? { dev } : {}) };
    }
  },
  examples: [
    {
      title: "an index's package, one of a group of tools, and the project itself, which is left out",
      files: {
        "pylock.toml":
          "lock-version = '1.0'\ncreated-by = 'uv'\n\n[[packages]]\nname = 'attrs'\nversion = '25.1.0'\nindex = 'https://index.example/simple'\nwheels = [{ url = 'https://files.example/attrs-25.1.0-py3-none-any.whl', hashes = { sha256 = 'aa' } }]\n\n[[packages]]\nname = 'pytest'\nversion = '8.3.4'\nmarker = \"'dev' in dependency_groups\"\n\n[[packages]]\nname = 'shop'\nversion = '0.1.0'\ndirectory = { path = '.', editable = true }\n",
      },
      purls: ["pkg:pypi/attrs@25.1.0", "pkg:pypi/pytest@8.3.4"],
    },
  ],
});

/** Only where the whole marker asks for a group, and for none of the program's own. */
function isForDevelopment(marker: string): boolean {
  const groups = [...marker.matchAll(/['"]([^'"]{1,100})['"] in dependency_groups/g)].map(([, group = ""]) => group);
  return (
    groups.length > 0 && !/\bextras\b/.test(marker) && groups.every((one) => /^(?:dev|test|lint|doc|typ)/i.test(one))
  );
}
