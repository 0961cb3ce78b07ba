import type { Feed } from "./feed.ts";
import { listIn, objectIn, parseJson } from "./json.ts";
import { advisoryFromOsv } from "./osv-record.ts";
import { wholeText } from "./whole-text.ts";

/** Advisories about interpreters themselves (Node.js, Ruby), in OSV's form under the ecosystem "runtimes". */
export const runtimes: Feed = {
  id: "runtimes",
  summary: "vulnerabilities of language runtimes",
  publisher: "Node.js security working group, RubySec",
  licence: "MIT; public domain",
  address: "",
  rank: 1,
  files: (ecosystems) =>
    ecosystems.includes("runtimes")
      ? ["nodejs", "ruby"].map((name) => ({ remote: `${name}.json`, path: `runtimes/${name}.json`, limit: 64 << 20 }))
      : [],
  reads: (path) => /^runtimes\/[a-z]+\.json$/.test(path),
  about: () => "runtimes",
  *read(file, { path }) {
    const collection = objectIn(parseJson(wholeText(file, path, 64 << 20), path));
    for (const entry of listIn(collection["advisories"], 100_000).map(objectIn)) {
      const { ranges, versions, package: about, ...head } = entry;
      const affected = [{ package: { ecosystem: "runtimes", name: objectIn(about)["name"] }, ranges, versions }];
      const advisory = advisoryFromOsv({ ...head, affected });
      if (advisory) yield { kind: "advisory", advisory };
    }
  },
};
