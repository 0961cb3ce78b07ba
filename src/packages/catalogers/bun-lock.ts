import type { Cataloger } from "../cataloger.ts";
import { entriesOf, listOf, objectOf, parseJson, textOf } from "../documents.ts";
import { lockFile } from "../lockfiles/lock-file.ts";
import { plainJson } from "../lockfiles/plain-json.ts";
import { reachable } from "../lockfiles/reachable.ts";

/** Bun's textual lock file: JSON with trailing commas, one array a package. */
export const bunLock: Cataloger = lockFile({
  id: "bun-lock",
  summary: "Bun: bun.lock",
  type: "npm",
  path: /(?:^|\/)bun\.lock$/,
  *read(text) {
    const lock = objectOf(parseJson(plainJson(text)));
    const needs = new Map<string, string[]>();
    const found: { key: string; name: string; version: string }[] = [];
    for (const [place, value] of entriesOf(lock?.["packages"])) {
      const [identity, ...rest] = listOf(value);
      const written = textOf(identity) ?? "";
      const at = written.indexOf("@", 1);
      const details = rest.map(objectOf).find((one) => one !== undefined);
      const dependencies = ["dependencies", "optionalDependencies"].flatMap((kind) =>
        entriesOf(details?.[kind]).map(([name]) => name),
      );
      // A place is the way down the tree ("a/b"); needs are followed by name, all places of a name together.
      const key = /(?:^|\/)((?:@[^/]+\/)?[^/]+)$/.exec(place.slice(-500))?.[1] ?? place;
      needs.set(key, [...(needs.get(key) ?? []), ...dependencies]);
      if (at > 0) found.push({ key, name: written.slice(0, at), version: written.slice(at + 1) });
    }
    const roots = entriesOf(lock?.["workspaces"]).flatMap(([, value]) =>
      ["dependencies", "optionalDependencies", "peerDependencies"].flatMap((kind) =>
        entriesOf(objectOf(value)?.[kind]).map(([name]) => name),
      ),
    );
    const needed = reachable(roots, needs);
    for (const { key, name, version } of found)
      if (/^\d/.test(version)) yield { name, version, dev: !needed.has(key), requires: needs.get(key) ?? [] };
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
