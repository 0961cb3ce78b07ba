import { readZip } from "../binary/zip.ts";
import type { Cataloger } from "../cataloger.ts";
import { entriesOf, objectOf, parseJson, readJson, textOf } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";

const archive = /(?:^|\/)\.?yarn\/(?:[^/]+\/)*[^/]+-[0-9a-f]{10}(?:-[^/]+)?\.zip$/;
const manifest = /^node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/;
const largest = 4 << 20;

/** npm packages that Yarn runs from its cache of archives and never unpacks ("Plug'n'Play"). */
export const yarnCache: Cataloger = {
  id: "yarn-cache",
  summary: "npm packages that Yarn runs out of archives: .yarn/cache/*.zip",
  evidence: "installed",
  wants: (path, { size }) => path.endsWith(".zip") && archive.test(path) && size <= 512 << 20,
  condense(_path, file) {
    const zip = readZip(file);
    // Nothing that could be read of what should be an archive: kept, so that it is told.
    if (!zip) return new Uint8Array(0);
    const entry = zip.entries.find((one) => manifest.test(one.name));
    const found = entry && zip.open(entry, largest);
    const json = found && objectOf(parseJson(Buffer.from(found.read(0, found.size)).toString("utf8")));
    if (!json) return undefined;
    const { name, version, license, dependencies } = json;
    return Buffer.from(JSON.stringify({ name, version, license, dependencies }));
  },
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      const json = readJson(files, path, largest);
      const [name, version] = [textOf(json?.["name"]), textOf(json?.["version"])];
      if (!json || name === undefined || version === undefined) unreadable(path, "it is no archive of a package");
      if (!json || name === undefined || version === undefined) continue;
      yield* languagePackage({
        type: "npm",
        name,
        version,
        files: [path],
        licenses: [textOf(json["license"]) ?? ""],
        requires: entriesOf(json["dependencies"]).map(([dependency]) => dependency),
      });
    }
  },
  examples: [
    {
      title: "a package with a scope",
      files: {
        ".yarn/cache/@babel-core-npm-7.20.2-2d4aeb0aeb-98faaaef26.zip": {
          base64:
            "UEsDBBQAAAAIAAAAIVhjrjqDNgAAADkAAAAlAAAAbm9kZV9tb2R1bGVzL0BiYWJlbC9jb3JlL3BhY2thZ2UuanNvbqtWykvMTVWyUnJI" +
            "SkxKzdFPzi9KVdJRKkstKs7MzwOKm+sZGegZAYVyMpNT84pBSn09Q5RqAVBLAwQUAAAACAAAACFYGs7ZZRMAAAARAAAAKQAAAG5vZGVf" +
            "bW9kdWxlcy9AYmFiZWwvY29yZS9saWIvcGFja2FnZS5qc29uq1YqqSxIVbJSys1PKc1JVaoFAFBLAQIUAxQAAAAIAAAAIVhjrjqDNgAA" +
            "ADkAAAAlAAAAAAAAAAAAAACAAQAAAABub2RlX21vZHVsZXMvQGJhYmVsL2NvcmUvcGFja2FnZS5qc29uUEsBAhQDFAAAAAgAAAAhWBrO" +
            "2WUTAAAAEQAAACkAAAAAAAAAAAAAAIABeQAAAG5vZGVfbW9kdWxlcy9AYmFiZWwvY29yZS9saWIvcGFja2FnZS5qc29uUEsFBgAAAAAC" +
            "AAIAqgAAANMAAAAAAA==",
        },
      },
      purls: ["pkg:npm/%40babel/core@7.20.2"],
    },
  ],
};
