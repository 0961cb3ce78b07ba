import { entriesOf, type Json, objectOf, textOf } from "../documents.ts";
import type { Cataloger } from "../cataloger.ts";
import { type Locked, lockFile, lockJson } from "../lockfiles/lock-file.ts";

/** npm's lock files: a tree of dependencies (versions 1 and 2), a table of places since version 2. */
export const npmLock: Cataloger = lockFile({
  id: "npm-lock",
  summary: "npm: package-lock.json and npm-shrinkwrap.json, lock file versions 1 to 3",
  type: "npm",
  path: /(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$/,
  *read(text, _path, damaged) {
    const lock = lockJson(text, damaged);
    const packages = objectOf(lock["packages"]);
    if (packages) yield* byPlace(packages);
    else yield* byTree(lock["dependencies"]);
  },
  examples: [
    {
      title: "version 3: an alias goes by its real name, a workspace is no package of the registry",
      files: {
        "package-lock.json": JSON.stringify({
          lockfileVersion: 3,
          packages: {
            "": { name: "shop", version: "1.0.0" },
            "packages/api": { name: "api", version: "1.0.0" },
            "node_modules/api": { resolved: "packages/api", link: true },
            "node_modules/@types/node": { version: "20.1.0", dev: true },
            "node_modules/old": { name: "lodash", version: "3.10.1" },
            "node_modules/shared": { version: "1.2.0", resolved: "file:vendor/shared" },
          },
        }),
      },
      purls: ["pkg:npm/%40types/node@20.1.0", "pkg:npm/lodash@3.10.1"],
    },
    {
      title: "version 1",
      files: {
        "npm-shrinkwrap.json": JSON.stringify({
          dependencies: {
            debug: { version: "2.6.9", dependencies: { ms: { version: "2.0.0" } } },
            old: { version: "npm:lodash@3.10.1" },
            here: { version: "file:here" },
          },
        }),
      },
      purls: ["pkg:npm/debug@2.6.9", "pkg:npm/lodash@3.10.1", "pkg:npm/ms@2.0.0"],
    },
  ],
});

function* byPlace(packages: Json): Generator<Locked> {
  for (const [place, value] of entriesOf(packages)) {
    const entry = objectOf(value);
    const at = `/${place}`.lastIndexOf("/node_modules/");
    const version = textOf(entry?.["version"]);
    if (!entry || at < 0 || entry["link"] === true || version === undefined) continue;
    if (isDirectory(textOf(entry["resolved"]))) continue;
    const license = textOf(entry["license"]);
    yield {
      name: textOf(entry["name"]) ?? place.slice(at + "node_modules/".length),
      version,
      dev: isForDevelopment(entry),
      requires: [...entriesOf(entry["dependencies"]), ...entriesOf(entry["optionalDependencies"])].map(
        ([name]) => name,
      ),
      licenses: license === undefined ? [] : [license],
    };
  }
}

/** A directory that was packed into the tree is the project's own; an archive of a path came from a registry once. */
function isDirectory(resolved = ""): boolean {
  return resolved.startsWith("file:") && !/\.t(?:ar\.)?gz$/.test(resolved);
}

function* byTree(dependencies: unknown): Generator<Locked> {
  const open: unknown[] = [dependencies];
  for (let tree = open.pop(); tree !== undefined; tree = open.pop())
    for (const [key, value] of entriesOf(tree)) {
      const entry = objectOf(value);
      if (!entry) continue;
      if (objectOf(entry["dependencies"])) open.push(entry["dependencies"]);
      const written = textOf(entry["version"]) ?? "";
      const alias = /^npm:(.{1,300})@([^@]{1,256})$/.exec(written);
      const version = alias?.[2] ?? written;
      if (!/^\d/.test(version)) continue;
      const requires = entriesOf(entry["requires"]).map(([name]) => name);
      yield { name: alias?.[1] ?? key, version, dev: isForDevelopment(entry), requires };
    }
}

/** `devOptional` is not asked: such a package is optional to the program, and is there unless both kinds are left out. */
function isForDevelopment(entry: Json): boolean {
  return entry["dev"] === true;
}
