import type { Cataloger } from "../cataloger.ts";
import { readText } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";

const installed = /(?:^|\/)luarocks\/rocks(?:-[\d.]+)?\/([^/]+)\/([^/]+)\/[^/]+\.rockspec$/;
const largest = 1 << 20;

/** Rocks in a tree of LuaRocks: name and version are those of their directories. The specification is a program and is not run. */
export const luarocks: Cataloger = {
  id: "luarocks",
  summary: "LuaRocks: luarocks/rocks-*/*/*/*.rockspec",
  evidence: "installed",
  wants: (path, { size }) => path.endsWith(".rockspec") && installed.test(path) && size <= largest,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      const [, name, version] = installed.exec(path) ?? [];
      if (name === undefined || version === undefined) continue;
      const text = readText(files, path, largest) ?? "";
      if (!/\bpackage\s{0,20}=/.test(text)) unreadable(path, "it names no package");
      const license = /\blicense\s{0,20}=\s{0,20}(?:"([^"\n]{1,200})"|'([^'\n]{1,200})')/.exec(text);
      const needs = /(?:^|\n)\s{0,20}dependencies\s{0,20}=\s{0,20}\{([^}]{0,10000})\}/.exec(text)?.[1] ?? "";
      yield* languagePackage({
        type: "luarocks",
        name,
        version,
        files: [path],
        licenses: [license?.[1] ?? license?.[2] ?? ""],
        requires: [...needs.matchAll(/["']([\w.-]{1,200})/g)].flatMap(([, one = ""]) => (one === "lua" ? [] : [one])),
      });
    }
  },
  examples: [
    {
      title: "a rock",
      files: {
        "usr/local/lib/luarocks/rocks-5.1/lua-cjson/2.1.0.10-1/lua-cjson-2.1.0.10-1.rockspec":
          'package = "lua-cjson"\nversion = "2.1.0.10-1"\ndescription = {\n   license = "MIT"\n}\ndependencies = {\n   "lua >= 5.1",\n   "compat53 >= 0.3"\n}\n',
      },
      purls: ["pkg:luarocks/lua-cjson@2.1.0.10-1"],
    },
  ],
};
