import type { Cataloger } from "../cataloger.ts";
import { entriesOf, type Json, listOf, objectOf, textOf } from "../documents.ts";
import { lockFile } from "../lockfiles/lock-file.ts";
import { reachable } from "../lockfiles/reachable.ts";
import { packageTables } from "../lockfiles/toml.ts";

/** uv's lock file. Members of the workspace are its roots; what only their development groups lead to is for development. */
export const uvLock: Cataloger = lockFile({
  id: "uv-lock",
  summary: "uv: uv.lock",
  type: "pypi",
  path: /(?:^|\/)uv\.lock$/,
  *read(text, _path, damaged) {
    const tables = packageTables(text, damaged);
    const roots: string[] = [];
    const needs = new Map<string, string[]>();
    for (const table of tables) {
      const name = textOf(table["name"]) ?? "";
      if (isLocal(table)) roots.push(name);
      needs.set(name, [...(needs.get(name) ?? []), ...dependenciesOf(table)]);
    }
    const needed = reachable(roots, needs);
    for (const table of tables) {
      const [name, version] = [textOf(table["name"]), textOf(table["version"])];
      if (name === undefined || version === undefined || isLocal(table)) continue;
      yield { name, version, dev: roots.length > 0 && !needed.has(name), requires: dependenciesOf(table) };
    }
  },
  examples: [
    {
      title: "the project itself is left out",
      files: {
        "uv.lock":
          'version = 1\n\n[[package]]\nname = "shop"\nversion = "0.1.0"\nsource = { virtual = "." }\ndependencies = [{ name = "idna" }]\n\n[[package]]\nname = "idna"\nversion = "3.7"\nsource = { registry = "https://index.example/simple" }\n\n[[package]]\nname = "ruff"\nversion = "0.4.1"\nsource = { registry = "https://index.example/simple" }\n',
      },
      purls: ["pkg:pypi/idna@3.7", "pkg:pypi/ruff@0.4.1"],
    },
  ],
});

function isLocal(table: Json): boolean {
  const source = objectOf(table["source"]);
  return ["virtual", "editable", "directory", "path"].some((kind) => source?.[kind] !== undefined);
}

function dependenciesOf(table: Json): string[] {
  const optional = entriesOf(table["optional-dependencies"]).flatMap(([, list]) => listOf(list));
  return [...listOf(table["dependencies"]), ...optional].flatMap((one) => textOf(objectOf(one)?.["name"]) ?? []);
}
