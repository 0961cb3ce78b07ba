import type { Cataloger } from "../cataloger.ts";
import { databaseLimits, pathJoiner } from "../limits.ts";
import { osPurl } from "../reading/os-purl.ts";
import { isOsRelease, readOsRelease } from "../os-release.ts";
import type { Package } from "../package.ts";
import { readText } from "../reading/read-file.ts";
import { barePath } from "../reading/stanzas.ts";

const databases: readonly string[] = ["lib/apk/db/installed", "usr/lib/apk/db/installed", "var/lib/apk/db/installed"];

/** One record of the database: its lines by their letter, and the files its F and R lines list. */
interface ApkRecord {
  readonly fields: Map<string, string>;
  readonly owns: string[];
}

/** Alpine packages, and those of Wolfi and Chainguard (apk's installed database, apk-package(5)). */
export const apk: Cataloger = {
  id: "apk",
  summary: "Alpine packages: lib/apk/db/installed, also below usr and var",
  evidence: "installed",
  wants: (path) => databases.includes(path) || isOsRelease(path),
  *catalog(files, unreadable) {
    const release = readOsRelease(files);
    const seen = new Set<string>();
    for (const path of databases) {
      const text = readText(files, path);
      if (text === undefined) continue;
      const damaged = (reason: string): void => unreadable(path, reason);
      const records = [...readRecords(text, damaged)].filter(({ fields }) => {
        const name = fields.get("P");
        if (!name || !fields.get("V")) damaged("a package in it has no name or no version");
        // apk keeps one version of a package; of a repeated record the first counts.
        if (!name || !fields.get("V") || seen.has(name)) return false;
        seen.add(name);
        return true;
      });
      const providers = providersOf(records);
      for (const record of records) yield toPackage(record, path, providers, release);
    }
  },
  examples: [
    {
      title: "a subpackage of another origin, and the files it owns",
      files: {
        "etc/os-release": "ID=alpine\nVERSION_ID=3.20.3\n",
        "lib/apk/db/installed": `C:Q1qKcZ+j23xssAXmgQhkOO8dHnbWw=
P:alpine-baselayout-data
V:3.6.5-r0
A:x86_64
S:11664
I:77824
T:Alpine base dir structure and init scripts
L:GPL-2.0-only
o:alpine-baselayout
F:etc
R:fstab
Z:Q11Q7hNe8QpDS531guqCdrXBzoA/o=

P:musl
V:1.2.5-r0
o:musl
p:so:libc.musl-x86_64.so.1=1

P:musl
V:1.1.0-r0

`,
      },
      purls: [
        "pkg:apk/alpine/alpine-baselayout-data@3.6.5-r0?arch=x86_64&distro=alpine-3.20.3",
        "pkg:apk/alpine/musl@1.2.5-r0?distro=alpine-3.20.3",
      ],
    },
    {
      title: "the newer path",
      files: {
        "usr/lib/os-release": "ID=wolfi\nVERSION_ID=20230201\n",
        "usr/lib/apk/db/installed": "P:glibc\nV:2.40-r3\nA:x86_64\n\n",
      },
      purls: ["pkg:apk/wolfi/glibc@2.40-r3?arch=x86_64&distro=wolfi-20230201"],
    },
    {
      title: "a database that was cut off",
      files: { "lib/apk/db/installed": "P:musl\nV:1.2.5-r0\n\nP:zlib\nV:1.3.1-r1\nF:usr/l" },
      purls: ["pkg:apk/alpine/musl@1.2.5-r0", "pkg:apk/alpine/zlib@1.3.1-r1"],
      unreadable: ["lib/apk/db/installed"],
    },
  ],
};

function* readRecords(text: string, damaged: (reason: string) => void): Generator<ApkRecord> {
  let fields = new Map<string, string>();
  let owns: string[] = [];
  let directory = "";
  const join = pathJoiner();
  let count = 0;
  for (let start = 0; start < text.length && count < databaseLimits.packages; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const letter = text[start] ?? "";
    if (end === start) {
      if (fields.size > 0) yield { fields, owns };
      fields = new Map();
      owns = [];
      directory = "";
      count++;
    } else if (text[start + 1] === ":") {
      const value = text.slice(start + 2, end);
      if (letter === "F") directory = value === "" ? "" : `${barePath(value)}/`;
      else if (letter === "R") {
        const path = join(directory, value);
        if (path !== undefined) owns.push(path);
      } else if ("PVALIoDp".includes(letter)) fields.set(letter, value.trim());
    } else damaged("a line in it is no field");
    start = end + 1;
  }
  if (fields.size > 0) yield { fields, owns };
  // apk ends every record with an empty line, the last one too.
  if (text.trim() !== "" && !text.endsWith("\n\n")) damaged("it ends in the middle of a record");
}

/** Which package provides what ("so:libc.musl-x86_64.so.1", "cmd:sh"), the first to say so. */
function providersOf(records: readonly ApkRecord[]): ReadonlyMap<string, string> {
  const providers = new Map<string, string>();
  for (const { fields } of records) {
    const name = fields.get("P") ?? "";
    for (const provided of dependencyNames(fields.get("p")))
      if (!providers.has(provided)) providers.set(provided, name);
  }
  for (const { fields } of records) providers.set(fields.get("P") ?? "", fields.get("P") ?? "");
  return providers;
}

/** The names in a list of dependencies; versions go, and so do conflicts ("!name"). */
function dependencyNames(list: string | undefined): string[] {
  if (!list) return [];
  return list
    .split(" ")
    .flatMap((word) => (word === "" || word.startsWith("!") ? [] : [word.replace(/[<>=~@].*$/s, "")]));
}

function toPackage(
  { fields, owns }: ApkRecord,
  path: string,
  providers: ReadonlyMap<string, string>,
  release: ReturnType<typeof readOsRelease>,
): Package {
  const name = fields.get("P") ?? "";
  const version = fields.get("V") ?? "";
  const arch = fields.get("A");
  const license = fields.get("L");
  const requires = new Set(dependencyNames(fields.get("D")).map((need) => providers.get(need) ?? need));
  requires.delete(name);
  const installedBytes = Number(fields.get("I") || Number.NaN);
  return {
    purl: osPurl({ type: "apk", name, version, arch, vendor: "alpine" }, release),
    type: "apk",
    name,
    version,
    // An origin has no version of its own: all packages built from it share one.
    source: { name: fields.get("o") || name, version },
    ...(arch && { arch }),
    licenses: license ? [license] : [],
    files: [path],
    owns,
    ...(requires.size > 0 && { requires: [...requires] }),
    ...(Number.isSafeInteger(installedBytes) && installedBytes >= 0 && { installedBytes }),
  };
}
