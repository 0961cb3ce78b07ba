import type { Cataloger } from "../cataloger.ts";
import { entriesOf, objectOf, textOf } from "../documents.ts";
import { lockFile, lockJson } from "../lockfiles/lock-file.ts";

/** What `dotnet restore` chose for a project: every package it builds with, direct or not. */
export const nugetAssets: Cataloger = lockFile({
  id: "nuget-assets",
  summary: "NuGet: obj/project.assets.json",
  type: "nuget",
  path: /(?:^|\/)project\.assets\.json$/,
  *read(text, _path, damaged) {
    const assets = lockJson(text, damaged);
    const needs = new Map<string, string[]>();
    for (const [, target] of entriesOf(assets["targets"]))
      for (const [key, library] of entriesOf(target)) {
        const names = entriesOf(objectOf(library)?.["dependencies"]).map(([name]) => name);
        if (names.length > 0) needs.set(key, [...(needs.get(key) ?? []), ...names]);
      }
    for (const [key, library] of entriesOf(assets["libraries"])) {
      const slash = key.indexOf("/");
      if (slash <= 0 || textOf(objectOf(library)?.["type"])?.toLowerCase() !== "package") continue;
      yield { name: key.slice(0, slash), version: key.slice(slash + 1), requires: needs.get(key) ?? [] };
    }
  },
  examples: [
    {
      title: "packages, not the solution's own projects",
      files: {
        "src/obj/project.assets.json": JSON.stringify({
          version: 3,
          targets: {
            "net8.0": { "Serilog/3.1.1": { type: "package", dependencies: { "System.Text.Json": "8.0.0" } } },
          },
          libraries: {
            "Serilog/3.1.1": { type: "package", path: "serilog/3.1.1" },
            "System.Text.Json/8.0.0": { type: "package" },
            "Shop.Core/1.0.0": { type: "project", path: "../core/Shop.Core.csproj" },
          },
        }),
      },
      purls: ["pkg:nuget/Serilog@3.1.1", "pkg:nuget/System.Text.Json@8.0.0"],
    },
  ],
});
