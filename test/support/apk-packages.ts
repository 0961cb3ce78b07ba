import type { Package } from "../../src/packages/index.ts";

/** What an apk database lists, read in the plainest way: for tests of what comes after. */
export function apkPackages(database: string): readonly Package[] {
  return database
    .split("\n\n")
    .map((record) => new Map(record.split("\n").map((line) => [line.slice(0, 1), line.slice(2)])))
    .filter((fields) => fields.get("P"))
    .map((fields) => {
      const name = fields.get("P") ?? "";
      const version = fields.get("V") ?? "";
      return {
        purl: `pkg:apk/alpine/${name}@${version}`,
        type: "apk",
        name,
        version,
        source: { name: fields.get("o") ?? name, version },
        licenses: [],
        files: ["lib/apk/db/installed"],
      };
    });
}
