import type { Cataloger } from "../cataloger.ts";
import { entriesOf, objectOf, readJson, textOf } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";

const dependencies = ".deps.json";
const runtimePack = "runtimepack.";

/** NuGet packages that a .NET program brings along, and the runtime packs of self-contained ones. */
export const dotnet: Cataloger = {
  id: "dotnet",
  summary: "NuGet packages: *.deps.json",
  evidence: "installed",
  wants: (path, { size }) => path.endsWith(dependencies) && size <= 16 << 20,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      if (!path.endsWith(dependencies)) continue;
      const json = readJson(files, path);
      if (!json) unreadable(path, "it is no JSON object");
      const target = textOf(objectOf(json?.["runtimeTarget"])?.["name"]);
      const needs = target === undefined ? undefined : objectOf(objectOf(json?.["targets"])?.[target]);
      for (const [key, library] of entriesOf(json?.["libraries"])) {
        const kind = textOf(objectOf(library)?.["type"])?.toLowerCase();
        const slash = key.indexOf("/");
        if ((kind !== "package" && kind !== "runtimepack") || slash <= 0) continue;
        const name = key.slice(0, slash);
        yield* languagePackage({
          type: "nuget",
          name: name.startsWith(runtimePack) ? name.slice(runtimePack.length) : name,
          version: key.slice(slash + 1),
          files: [path],
          requires: entriesOf(objectOf(needs?.[key])?.["dependencies"]).map(([dependency]) => dependency),
        });
      }
    }
  },
  examples: [
    {
      title: "a self-contained program: its packages and its runtime, not the project itself",
      files: {
        "app/shop.deps.json": JSON.stringify({
          runtimeTarget: { name: ".NETCoreApp,Version=v8.0/linux-x64" },
          targets: { ".NETCoreApp,Version=v8.0/linux-x64": { "Newtonsoft.Json/13.0.1": {} } },
          libraries: {
            "shop/1.0.0": { type: "project" },
            "Newtonsoft.Json/13.0.1": { type: "package", serviceable: true },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.4": { type: "runtimepack" },
          },
        }),
      },
      purls: ["pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@8.0.4", "pkg:nuget/Newtonsoft.Json@13.0.1"],
    },
  ],
};
