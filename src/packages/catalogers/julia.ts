import type { Cataloger } from "../cataloger.ts";
import { entriesOf, listOf, objectOf, textOf, textsOf } from "../documents.ts";
import { lockFile } from "../lockfiles/lock-file.ts";
import { parseToml } from "../lockfiles/toml.ts";

/** A Julia environment, which is what its manifest says; packages of the standard library have no version of their own before 1.11. */
export const julia: Cataloger = lockFile({
  id: "julia",
  summary: "Julia: Manifest.toml of every environment, both formats",
  evidence: "installed",
  type: "julia",
  path: /(?:^|\/)(?:Julia)?Manifest(?:-v\d+\.\d+)?\.toml$/,
  *read(text, _path, damaged) {
    const manifest = parseToml(text);
    if (!manifest) damaged("it is no TOML");
    for (const [name, entries] of entriesOf(objectOf(manifest?.["deps"]) ?? manifest))
      for (const entry of listOf(entries).map(objectOf)) {
        const [uuid, version] = [textOf(entry?.["uuid"]), textOf(entry?.["version"])];
        if (!entry || uuid === undefined || version === undefined || textOf(entry["path"]) !== undefined) continue;
        const deps = entry["deps"];
        const requires = objectOf(deps) ? entriesOf(deps).map(([one]) => one) : textsOf(deps);
        yield { name, version, requires, qualifiers: { uuid } };
      }
  },
  examples: [
    {
      title: "the newer format: a package, one of a path and one of the standard library, which are left out",
      files: {
        "root/.julia/environments/v1.10/Manifest.toml":
          'julia_version = "1.10.2"\nmanifest_format = "2.0"\n\n[[deps.HTTP]]\ndeps = ["Dates", "Sockets"]\ngit-tree-sha1 = "aa"\nuuid = "cd3eb016-35fb-5094-929b-558a96fad6f3"\nversion = "1.10.1"\n\n[[deps.Dates]]\nuuid = "ade2ca70-3891-5945-98fb-dc099432e06a"\n\n[[deps.Shop]]\npath = "."\nuuid = "11111111-2222-3333-4444-555555555555"\nversion = "0.1.0"\n',
      },
      purls: ["pkg:julia/HTTP@1.10.1?uuid=cd3eb016-35fb-5094-929b-558a96fad6f3"],
    },
    {
      title: "the older format",
      files: {
        "app/Manifest.toml":
          '[[JSON]]\ndeps = ["Dates"]\ngit-tree-sha1 = "aa"\nuuid = "682c06a0-de6a-54ab-a142-c8b1cf79cde6"\nversion = "0.21.1"\n',
      },
      purls: ["pkg:julia/JSON@0.21.1?uuid=682c06a0-de6a-54ab-a142-c8b1cf79cde6"],
    },
  ],
});
