import type { FileView } from "../../core/index.ts";
import type { Cataloger } from "../cataloger.ts";
import { entriesOf, type Json, listOf, objectOf, readJson, textOf } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";

const manifest = /(?:^|\/)package\.json$/;
const hiddenLock = /(?:^|\/)node_modules\/\.package-lock\.json$/;
/** What stands between the last `node_modules` and the manifest of an installed package; anything deeper is its own affair. */
const installed = /^(?:@[^/]+\/)?[^/@.][^/]*$/;
const forTests = /(?:^|\/)(?:tests?|__tests__|__fixtures__|fixtures?|testdata|examples?|samples?|benchmarks?)\//;
const name = /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i;
const version = /^v?\d{1,16}\.\d{1,16}\.\d{1,16}(?:[-+][\w.+-]{1,256})?$/;
const largestManifest = 4 << 20;
const largestLock = 64 << 20;

/**
 * npm packages by their manifests. Inside of `node_modules` only a package's own manifest counts; elsewhere one with name and
 * version does, unless it is private (never published, so nothing is known of it) or belongs to tests.
 */
export const node: Cataloger = {
  id: "node",
  summary: "npm packages: package.json in and outside of node_modules",
  evidence: "installed",
  wants: (path, { size }) =>
    manifest.test(path)
      ? size <= largestManifest && place(path) !== undefined
      : hiddenLock.test(path) && size <= largestLock,
  *catalog(files, unreadable) {
    const onlyForDevelopment = developmentPaths(files);
    for (const path of files.paths) {
      const where = manifest.test(path) ? place(path) : undefined;
      const json = where && readJson(files, path, largestManifest);
      // Outside there are templates and fixtures of this name; where programs look for packages it has to be right.
      if (where === "inside" && !json) unreadable(path, "it is no JSON object");
      const [itsName, itsVersion] = [textOf(json?.["name"]), textOf(json?.["version"])];
      if (!json || itsName === undefined || itsVersion === undefined) continue;
      if (!name.test(itsName) || !version.test(itsVersion)) continue;
      if (where === "outside" && json["private"] === true) continue;
      yield* languagePackage({
        type: "npm",
        name: itsName,
        version: itsVersion.replace(/^v/, ""),
        licenses: licensesOf(json),
        files: [path],
        requires: [...entriesOf(json["dependencies"]), ...entriesOf(json["optionalDependencies"])].map(([key]) => key),
        dev: onlyForDevelopment.has(path),
      });
    }
  },
  examples: [
    {
      title: "scoped and nested packages count, their fixtures and a private application do not",
      files: {
        "app/package.json": '{"name":"shop","version":"1.0.0","private":true}',
        "app/node_modules/.package-lock.json": '{"packages":{"node_modules/mocha":{"version":"10.2.0","dev":true}}}',
        "app/node_modules/mocha/package.json": '{"name":"mocha","version":"10.2.0","license":"MIT"}',
        "app/node_modules/@babel/core/package.json": '{"name":"@babel/core","version":"7.24.0"}',
        "app/node_modules/@babel/core/node_modules/semver/package.json": '{"name":"semver","version":"6.3.1"}',
        "app/node_modules/resolve/test/resolver/false_main/package.json": '{"name":"false_main","version":"0.0.0"}',
        "app/node_modules/tslib/modules/package.json": '{"type":"module"}',
        "opt/yarn-v1.22.22/package.json": '{"name":"yarn","version":"1.22.22"}',
      },
      purls: ["pkg:npm/%40babel/core@7.24.0", "pkg:npm/mocha@10.2.0", "pkg:npm/semver@6.3.1", "pkg:npm/yarn@1.22.22"],
    },
  ],
};

function place(path: string): "inside" | "outside" | undefined {
  const at = `/${path}`.lastIndexOf("/node_modules/");
  if (at < 0) return forTests.test(path) ? undefined : "outside";
  const rest = path.slice(at + "node_modules/".length, -"/package.json".length);
  return installed.test(rest) ? "inside" : undefined;
}

function licensesOf(json: Json): string[] {
  const one = (value: unknown): string[] => {
    const text = textOf(value) ?? textOf(objectOf(value)?.["type"]);
    return text === undefined ? [] : [text];
  };
  return json["license"] === undefined ? listOf(json["licenses"]).flatMap(one) : one(json["license"]);
}

/** npm keeps what it knows of the tree it installed beside the tree. */
function developmentPaths(files: FileView): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of files.paths) {
    if (!hiddenLock.test(path)) continue;
    const root = path.slice(0, -"node_modules/.package-lock.json".length);
    for (const [key, value] of entriesOf(readJson(files, path, largestLock)?.["packages"])) {
      const entry = objectOf(value);
      if (entry?.["dev"] === true) found.add(`${root}${key}/package.json`);
    }
  }
  return found;
}
