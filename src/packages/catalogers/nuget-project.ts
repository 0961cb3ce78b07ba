import type { Cataloger } from "../cataloger.ts";
import { type Locked, lockFile } from "../lockfiles/lock-file.ts";
import { readXml } from "../lockfiles/xml.ts";

/** How each kind of element names a package and its version. */
const elements: Readonly<Record<string, readonly [name: readonly string[], version: readonly string[]]>> = {
  packagereference: [
    ["Include", "Update"],
    ["VersionOverride", "Version"],
  ],
  packageversion: [["Include", "Update"], ["Version"]],
  globalpackagereference: [["Include"], ["Version"]],
  // packages.config
  package: [["id"], ["version"]],
};

/**
 * Packages a .NET project asks for by one version: NuGet takes the lowest that will do, which is that one unless another package
 * asks for more. Properties are those of the same file; conditions are not weighed.
 */
export const nugetProject: Cataloger = lockFile({
  id: "nuget-project",
  summary: "NuGet: packages.config, *.csproj, *.fsproj, *.vbproj, Directory.Packages.props and Directory.Build.props",
  type: "nuget",
  path: /(?:^|\/)(?:packages(?:\.[^/]+)?\.config|[^/]+\.(?:cs|fs|vb)proj|(?:Directory\.)?Packages\.props|Directory\.Build\.(?:props|targets))$/i,
  *read(text, _path, damaged) {
    const properties = new Map<string, string>();
    const found: (Locked & { version: string })[] = [];
    const path: string[] = [];
    let whole = false;
    let current: { name: string; version: string; dev: boolean } | undefined;
    for (const event of readXml(text)) {
      if (event.kind === "close") {
        const name = path.pop();
        if (path.length === 0 && (name === "project" || name === "packages")) whole = true;
        if (current && name !== undefined && Object.hasOwn(elements, name)) {
          found.push(current);
          current = undefined;
        }
      } else if (event.kind === "open") {
        if (path.length >= deepest) return;
        const kind = event.name.toLowerCase();
        path.push(kind);
        const [names, versions] = (Object.hasOwn(elements, kind) && elements[kind]) || [[], []];
        const first = (keys: readonly string[]): string | undefined =>
          keys.map((key) => event.attribute(key)).find((value) => value !== undefined);
        const name = first(names);
        if (name === undefined) continue;
        const dev =
          event.attribute("developmentDependency") === "true" ||
          event.attribute("PrivateAssets")?.toLowerCase() === "all";
        current = { name, version: first(versions) ?? "", dev };
      } else if (event.text.length <= longestValue) {
        const [last = "", parent = ""] = path.toReversed();
        if (parent === "propertygroup") properties.set(last, event.text);
        else if (current && (last === "version" || last === "versionoverride")) current.version = event.text;
        else if (current && last === "privateassets") current.dev = event.text.trim().toLowerCase() === "all";
      }
    }
    if (!whole) damaged("it is no whole project element");
    for (const one of found) {
      const version = oneVersion(resolve(one.version, properties));
      if (version !== undefined) yield { ...one, version };
    }
  },
  examples: [
    {
      title: "a project: attributes, elements, a property; what is managed elsewhere, floating or a range is left out",
      files: {
        "src/Shop.csproj":
          '<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup><SerilogVersion>3.1.1</SerilogVersion></PropertyGroup>\n  <ItemGroup Condition="\'$(Tests)\' > \'0\'">\n    <PackageReference Include="Newtonsoft.Json" Version="13.0.1" />\n    <PackageReference Include="Serilog" Version="$(SerilogVersion)" />\n    <PackageReference Include="StyleCop.Analyzers"><Version>[1.1.118]</Version><PrivateAssets>all</PrivateAssets></PackageReference>\n    <PackageReference Include="Managed" />\n    <PackageReference Include="Floating" Version="1.*" />\n    <PackageReference Include="Ranged" Version="[1.0,2.0)" />\n  </ItemGroup>\n</Project>\n',
      },
      purls: ["pkg:nuget/Newtonsoft.Json@13.0.1", "pkg:nuget/Serilog@3.1.1", "pkg:nuget/StyleCop.Analyzers@1.1.118"],
    },
    {
      title: "central management, and the older packages.config",
      files: {
        "Directory.Packages.props":
          '<Project>\n  <ItemGroup>\n    <PackageVersion Include="Dapper" Version="2.1.35" />\n    <GlobalPackageReference Include="Nerdbank.GitVersioning" Version="3.6.133" />\n  </ItemGroup>\n</Project>\n',
        "old/packages.config":
          '<?xml version="1.0" encoding="utf-8"?>\n<packages>\n  <package id="jQuery" version="3.3.1" targetFramework="net48" />\n</packages>\n',
      },
      purls: ["pkg:nuget/Dapper@2.1.35", "pkg:nuget/Nerdbank.GitVersioning@3.6.133", "pkg:nuget/jQuery@3.3.1"],
    },
  ],
});

const deepest = 64;
const longestValue = 512;

/** `$(Property)`, whose names know no case; undefined where one is not known. */
function resolve(written: string, properties: ReadonlyMap<string, string>): string | undefined {
  let text = written;
  for (let round = 0; round < 4 && text.includes("$(") && text.length <= longestValue; round++)
    text = text.replace(/\$\(([\w.-]{1,200})\)/g, (whole, name: string) => properties.get(name.toLowerCase()) ?? whole);
  return text.includes("$") ? undefined : text.trim();
}

/** Of "1.0" and "[1.0]"; ranges and floating versions are not one. */
function oneVersion(text = ""): string | undefined {
  return /^\[?(\d[\w.+-]{0,200})\]?$/.exec(text)?.[1];
}
