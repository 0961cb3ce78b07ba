import type { FileView } from "../../core/index.ts";
import type { Cataloger, TellUnreadable } from "../cataloger.ts";
import { pathJoiner } from "../limits.ts";
import { isOsRelease, readOsRelease } from "../os-release.ts";
import { readText } from "../reading/read-file.ts";
import { condenseRpmDatabase, type RpmRecord, readRpmRecords } from "../rpm/condense.ts";
import { exampleRpmDatabase } from "../rpm/example.ts";
import { rpmPackage } from "../rpm/package.ts";

const directories: readonly string[] = ["var/lib/rpm/", "usr/lib/sysimage/rpm/", "usr/share/rpm/"];
const longestRelease = 64 << 10;
/** Newest first: an upgrade of rpm leaves the database it converted behind. */
const names: readonly string[] = ["rpmdb.sqlite", "Packages.db", "Packages"];
const databases: readonly string[] = directories.flatMap((directory) => names.map((name) => directory + name));

/**
 * rpm packages: SQLite, "ndb" or Berkeley DB. A write-ahead log beside an SQLite database is not read: rpm folds it in when
 * it is done.
 */
export const rpm: Cataloger = {
  id: "rpm",
  summary: "rpm packages: rpmdb.sqlite, Packages.db or Packages in var/lib/rpm, usr/lib/sysimage/rpm, usr/share/rpm",
  evidence: "installed",
  wants: (path) => databases.includes(path) || isOsRelease(path),
  condense: (path, file) =>
    isOsRelease(path) ? file.read(0, Math.min(file.size, longestRelease)) : condenseRpmDatabase(file),
  *catalog(files, unreadable) {
    const release = readOsRelease(files);
    const seen = new Set<string>();
    for (const directory of directories) {
      const [path, records] = newest(files, directory, unreadable);
      const join = pathJoiner();
      for (const record of records) {
        const found = rpmPackage({ ...record, owns: owned(record, join) }, path, release);
        if (seen.has(found.purl)) continue;
        seen.add(found.purl);
        yield found;
      }
    }
  },
  examples: [
    {
      title: "an SQLite database: a module's package whose source has another name; a key is none",
      files: {
        "etc/os-release": 'ID="rhel"\nVERSION_ID="8.7"\n',
        "var/lib/rpm/rpmdb.sqlite": { base64: exampleRpmDatabase },
      },
      purls: ["pkg:rpm/redhat/npm@8.19.3-1.module%2Bel8?arch=x86_64&distro=rhel-8.7&epoch=1"],
    },
  ],
};

/** The first database of a directory that holds packages. */
function newest(
  files: FileView,
  directory: string,
  unreadable: TellUnreadable,
): readonly [path: string, records: readonly RpmRecord[]] {
  for (const name of names) {
    const { records, damage } = readRpmRecords(readText(files, directory + name) ?? "");
    if (damage !== undefined) unreadable(directory + name, damage);
    if (records.length > 0) return [directory + name, records];
  }
  return [directory, []];
}

function owned(record: RpmRecord, join: ReturnType<typeof pathJoiner>): string[] {
  return record.files.flatMap(([directory, inside]) => {
    const from = directory.replace(/^\/+/, "");
    return inside.flatMap((name) => join(from, name) ?? []);
  });
}
