import type { Cataloger } from "../cataloger.ts";
import { entriesOf, objectOf, textOf } from "../documents.ts";
import { lockFile, lockJson } from "../lockfiles/lock-file.ts";

/** NuGet's lock file: packages of each target framework. */
export const nugetLock: Cataloger = lockFile({
  id: "nuget-lock",
  summary: "NuGet: packages.lock.json",
  type: "nuget",
  path: /(?:^|\/)packages\.(?:[^/]+\.)?lock\.json$/,
  *read(text, _path, damaged) {
    for (const [, framework] of entriesOf(lockJson(text, damaged)["dependencies"]))
      for (const [name, value] of entriesOf(framework)) {
        const version = textOf(objectOf(value)?.["resolved"]);
        if (version === undefined || textOf(objectOf(value)?.["type"]) === "Project") continue;
        yield {
          name,
          version,
          requires: entriesOf(objectOf(value)?.["dependencies"]).map(([dependency]) => dependency),
        };
      }
  },
  examples: [
    {
      title: "direct and transitive ones, not the solution's own projects",
      files: {
        "packages.lock.json":
          '{"version":1,"dependencies":{"net8.0":{"Newtonsoft.Json":{"type":"Direct","resolved":"13.0.1"},"shop.core":{"type":"Project"}}}}',
      },
      purls: ["pkg:nuget/Newtonsoft.Json@13.0.1"],
    },
  ],
});
