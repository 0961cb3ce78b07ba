import type { Cataloger } from "../cataloger.ts";
import { entriesOf, type Json, listOf, objectOf, textOf } from "../documents.ts";
import { lockFile, lockJson } from "../lockfiles/lock-file.ts";
import { plainJson } from "../lockfiles/plain-json.ts";
import { reachable } from "../lockfiles/reachable.ts";

/** Bun's textual lock file: JSON with trailing commas, one array a package. */
export const bunLock: Cataloger = lockFile({
  id: "bun-lock",
  summary: "Bun: bun.lock",
  type: "npm",
  path: /(?:^|\/)bun\.lock$/,
  *read(text, _path, damaged) {
    const lock = lockJson(plainJson(text), damaged);
    const places = new Map(entriesOf(lock["packages"]).map(([place, value]) => [place, listOf(value)]));
    const details = ([, ...rest]: readonly unknown[]): Json =>
      rest.map(objectOf).find((one) => one !== undefined) ?? {};
    const needs = new Map<string, string[]>();
    for (const [place, entry] of places)
      needs.set(
        place,
        dependenciesOf(details(entry)).map((name) => resolvePlace(place, name, places)),
      );
    const workspaces = entriesOf(lock["workspaces"]).map(([, value]) => objectOf(value) ?? {});
    const needed = reachable(
      workspaces.flatMap((one) => [
        ...dependenciesOf(one),
        ...entriesOf(one["peerDependencies"]).map(([name]) => name),
      ]),
      needs,
    );
    for (const [place, entry] of places) {
      const identity = textOf(entry[0]) ?? "";
      const at = identity.indexOf("@", 1);
      const version = identity.slice(at + 1);
      if (at > 0 && /^\d/.test(version))
        yield {
          name: identity.slice(0, at),
          version,
          dev: !needed.has(place),
          requires: dependenciesOf(details(entry)),
        };
    }
  },
  examples: [
    {
      title: "registry packages count, workspaces do not",
      files: {
        "bun.lock":
          '{\n  "lockfileVersion": 1,\n  "workspaces": {\n    "": { "name": "shop", "dependencies": { "debug": "^4.3.4", }, },\n  },\n  "packages": {\n    "debug": ["debug@4.3.4", "", { "dependencies": { "ms": "2.1.2" } }, "sha512-x"],\n    "ms": ["ms@2.1.2", "", {}, "sha512-y"],\n    "api": ["api@workspace:packages/api"],\n  }\n}\n',
      },
      purls: ["pkg:npm/debug@4.3.4", "pkg:npm/ms@2.1.2"],
    },
  ],
});

const deepest = 64;

function dependenciesOf(entry: Json): string[] {
  return [...entriesOf(entry["dependencies"]), ...entriesOf(entry["optionalDependencies"])].map(([name]) => name);
}

/** A place is the way down the tree ("express/debug"); what a package needs is looked for below it, then ever higher up. */
function resolvePlace(place: string, name: string, places: ReadonlyMap<string, unknown>): string {
  let above = place;
  for (let step = 0; step < deepest && above !== ""; step++) {
    if (places.has(`${above}/${name}`)) return `${above}/${name}`;
    above = above.slice(0, Math.max(0, above.lastIndexOf("/")));
  }
  return name;
}
