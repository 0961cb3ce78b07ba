import type { Cataloger } from "../cataloger.ts";
import { type Locked, lockFile } from "../lockfiles/lock-file.ts";
import { mapAt, parsePlainYaml, type Plain, type PlainMap, stringAt } from "../lockfiles/plain-yaml.ts";
import { reachable } from "../lockfiles/reachable.ts";

/** pnpm's lock file. Until version 8 an entry says whether it is for development; since 9 the tree from the importers does. */
export const pnpmLock: Cataloger = lockFile({
  id: "pnpm-lock",
  summary: "pnpm: pnpm-lock.yaml, lock file versions 5 to 9",
  type: "npm",
  path: /(?:^|\/)pnpm-lock\.yaml$/,
  *read(text, _path, damaged) {
    const lock = parsePlainYaml(text);
    if (!lock.has("lockfileVersion")) damaged("it does not say the version of its format");
    const packages = mapAt(lock.get("packages"));
    if ([...packages.values()].some((one) => !mapAt(one).has("resolution")))
      damaged("a package in it does not say what it resolves to");
    const snapshots = mapAt(lock.get("snapshots"));
    const needed = lock.has("snapshots") ? neededAtRuntime(mapAt(lock.get("importers")), snapshots) : undefined;
    const hasSlash = Number.parseFloat(stringAt(lock.get("lockfileVersion")) ?? "9") < 9;
    for (const [key, value] of needed ? snapshots : packages) {
      const entry = mapAt(value);
      const named = identify(hasSlash ? key : `/${key}`);
      const facts = needed ? mapAt(packages.get(withoutPeers(key))) : entry;
      // A directory is the project's own, injected into it.
      if (mapAt(facts.get("resolution")).has("directory")) continue;
      const name = stringAt(facts.get("name")) ?? named?.[0] ?? (hasSlash ? undefined : beforeAt(key));
      const version = stringAt(facts.get("version")) ?? named?.[1];
      if (name === undefined || version === undefined || !/^\d/.test(version)) continue;
      yield {
        name,
        version,
        dev: needed ? !needed.has(key) : entry.get("dev") === "true",
        requires: [...dependenciesOf(entry)].map(([dependency]) => dependency),
      } satisfies Locked;
    }
  },
  examples: [
    {
      title: "version 5: another registry, a repository, a directory that is left out",
      files: {
        "pnpm-lock.yaml":
          "lockfileVersion: 5.4\npackages:\n\n  /@babel/core/7.20.2:\n    resolution: {integrity: sha512-x}\n    dependencies:\n      ms: 2.1.2\n    dev: true\n\n  /react-dom/18.2.0_react@18.2.0:\n    resolution: {integrity: sha512-y}\n    dev: false\n\n  registry.corp.example/@corp/ui/2.1.0:\n    resolution: {integrity: sha512-z}\n\n  github.com/owner/tool/0a1b2c:\n    resolution: {tarball: https://codeload.example/owner/tool/tar.gz/0a1b2c}\n    name: tool\n    version: 3.0.1\n\n  file:packages/shared:\n    resolution: {directory: packages/shared, type: directory}\n    name: shared\n    version: 1.0.0\n",
      },
      purls: [
        "pkg:npm/%40babel/core@7.20.2",
        "pkg:npm/%40corp/ui@2.1.0",
        "pkg:npm/react-dom@18.2.0",
        "pkg:npm/tool@3.0.1",
      ],
    },
    {
      title: "version 6, with peers in brackets",
      files: {
        "pnpm-lock.yaml":
          "lockfileVersion: '6.0'\npackages:\n\n  /react-dom@18.2.0(react@18.2.0):\n    resolution: {integrity: sha512-y}\n    deprecated: 'no: longer'\n",
      },
      purls: ["pkg:npm/react-dom@18.2.0"],
    },
    {
      title: "version 9, with an archive by its address",
      files: {
        "pnpm-lock.yaml":
          "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      debug:\n        specifier: ^4\n        version: 4.3.4\npackages:\n  '@types/ms@0.7.34':\n    resolution: {integrity: sha512-x}\n  debug@4.3.4:\n    resolution: {integrity: sha512-y}\n  tool@https://codeload.example/owner/tool/tar.gz/0a1b2c:\n    resolution: {tarball: https://codeload.example/owner/tool/tar.gz/0a1b2c}\n    version: 3.0.1\n  shared@file:packages/shared:\n    resolution: {directory: packages/shared, type: directory}\nsnapshots:\n  shared@file:packages/shared: {}\n  tool@https://codeload.example/owner/tool/tar.gz/0a1b2c: {}\n  '@types/ms@0.7.34': {}\n  debug@4.3.4: {}\n",
      },
      purls: ["pkg:npm/%40types/ms@0.7.34", "pkg:npm/debug@4.3.4", "pkg:npm/tool@3.0.1"],
    },
  ],
});

/**
 * Name and version of `/name/1.2.3_peers`, `/name@1.2.3(peers)`, `registry.example/name/1.2.3`; keys of repositories and files
 * name neither.
 */
function identify(key: string): readonly [string, string] | undefined {
  const found =
    /^\/((?:@[^/@()]{1,214}\/)?[^/@()]{1,214})[/@](\d[^/@()_]{0,255})/.exec(key) ??
    /^[^/@()]{1,253}\/((?:@[^/@()]{1,214}\/)?[^/@()]{1,214})\/(\d{1,16}\.\d{1,16}\.[^/@()_]{1,224})(?:[/_(]|$)/.exec(
      key,
    );
  return found?.[1] === undefined || found[2] === undefined ? undefined : [found[1], found[2]];
}

/** The name in `name@https://…`, whose entry tells the version (since version 9). */
function beforeAt(key: string): string | undefined {
  const at = key.indexOf("@", 1);
  return at < 0 ? undefined : key.slice(0, at);
}

function withoutPeers(key: string): string {
  const bracket = key.indexOf("(");
  return bracket < 0 ? key : key.slice(0, bracket);
}

function neededAtRuntime(importers: PlainMap, snapshots: PlainMap): ReadonlySet<string> {
  const roots: string[] = [];
  for (const importer of importers.values())
    for (const [name, value] of dependenciesOf(mapAt(importer)))
      roots.push(...keysOf(name, mapAt(value).get("version")));
  const needs = new Map<string, readonly string[]>();
  for (const [key, value] of snapshots)
    needs.set(
      key,
      [...dependenciesOf(mapAt(value))].flatMap(([name, version]) => keysOf(name, version)),
    );
  return reachable(roots, needs);
}

function* dependenciesOf(entry: PlainMap): Generator<[string, Plain]> {
  yield* mapAt(entry.get("dependencies"));
  yield* mapAt(entry.get("optionalDependencies"));
}

/** The snapshot a dependency means: `name@version`, or what an alias says in the version's place. */
function keysOf(name: string, version: Plain | undefined): string[] {
  const text = stringAt(version);
  return text === undefined ? [] : [`${name}@${text}`, text];
}
