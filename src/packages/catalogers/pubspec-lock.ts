import type { Cataloger } from "../cataloger.ts";
import { lockFile } from "../lockfiles/lock-file.ts";
import { mapAt, parsePlainYaml, stringAt } from "../lockfiles/plain-yaml.ts";

/** Dart's lock file; what comes with the SDK or from a path is not of the registry. */
export const pubspecLock: Cataloger = lockFile({
  id: "pubspec-lock",
  summary: "Dart and Flutter: pubspec.lock",
  type: "pub",
  path: /(?:^|\/)pubspec\.lock$/,
  *read(text, _path, damaged) {
    const lock = parsePlainYaml(text);
    if (!lock.has("packages")) damaged("it has no list of packages");
    for (const [name, value] of mapAt(lock.get("packages"))) {
      const entry = mapAt(value);
      if (!entry.has("version")) damaged("a package in it has no version");
      const source = stringAt(entry.get("source"));
      const version = stringAt(entry.get("version"));
      if (version === undefined || source === "sdk" || source === "path") continue;
      yield { name, version, dev: stringAt(entry.get("dependency")) === "direct dev" };
    }
  },
  examples: [
    {
      title: "hosted packages",
      files: {
        "pubspec.lock":
          'packages:\n  flutter:\n    dependency: "direct main"\n    description: flutter\n    source: sdk\n    version: "0.0.0"\n  http:\n    dependency: "direct main"\n    description:\n      name: http\n      url: "https://pub.example"\n    source: hosted\n    version: "0.13.5"\nsdks:\n  dart: ">=2.19.0 <4.0.0"\n',
      },
      purls: ["pkg:pub/http@0.13.5"],
    },
  ],
});
