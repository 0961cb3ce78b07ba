import type { Cataloger } from "../cataloger.ts";
import { databaseLimits } from "../limits.ts";
import { osPurl } from "../reading/os-purl.ts";
import { isOsRelease, readOsRelease } from "../os-release.ts";
import type { Package } from "../package.ts";
import { readText } from "../reading/read-file.ts";
import { listedPaths } from "../reading/stanzas.ts";

const entry = /^var\/lib\/pacman\/local\/[^/]+\/(?:desc|files)$/;

/** Arch Linux packages: pacman's local database, a directory each with `desc` and `files`. */
export const pacman: Cataloger = {
  id: "pacman",
  summary: "Arch Linux packages: var/lib/pacman/local/*/desc, files",
  evidence: "installed",
  wants: (path) => (path.startsWith("var/lib/pacman/local/") ? entry.test(path) : isOsRelease(path)),
  *catalog(files, unreadable) {
    const release = readOsRelease(files);
    const seen = new Set<string>();
    for (const path of files.paths) {
      if (!entry.test(path) || !path.endsWith("/desc")) continue;
      const sections = readSections(readText(files, path) ?? "");
      const one = (section: string): string | undefined => sections.get(section)?.[0];
      const name = one("NAME");
      const version = one("VERSION");
      if (!name || !version) unreadable(path, "it has no name or no version");
      if (!name || !version) continue;
      const arch = one("ARCH");
      const purl = osPurl({ type: "alpm", name, version, arch, vendor: "arch" }, release);
      if (seen.has(purl)) continue;
      seen.add(purl);
      if (seen.size > databaseLimits.packages) return;
      const list = `${path.slice(0, -"desc".length)}files`;
      const listed = readText(files, list);
      const requires = new Set(sections.get("DEPENDS")?.map((need) => need.replace(/[<>=:].*$/s, "")));
      const vendor = one("PACKAGER");
      const bytes = Number(one("SIZE") ?? Number.NaN);
      yield {
        purl,
        type: "alpm",
        name,
        version,
        source: { name: one("BASE") ?? name, version },
        ...(arch && { arch }),
        licenses: sections.get("LICENSE") ?? [],
        files: listed === undefined ? [path] : [path, list],
        ...(listed !== undefined && { owns: ownedFiles(listed) }),
        ...(requires.size > 0 && { requires: [...requires] }),
        ...(vendor && { vendor }),
        ...(Number.isSafeInteger(bytes) && bytes >= 0 && { installedBytes: bytes }),
      } satisfies Package;
    }
  },
  examples: [
    {
      title: "a package split from another base, with an epoch",
      files: {
        "etc/os-release": "ID=arch\nBUILD_ID=rolling\n",
        "var/lib/pacman/local/gcc-libs-1:14.2.1-1/desc": `%NAME%
gcc-libs

%VERSION%
1:14.2.1-1

%BASE%
gcc

%ARCH%
x86_64

%LICENSE%
GPL-3.0-or-later
LGPL-3.0-or-later

%DEPENDS%
glibc>=2.27
`,
        "var/lib/pacman/local/gcc-libs-1:14.2.1-1/files":
          "%FILES%\nusr/\nusr/lib/\nusr/lib/libgcc_s.so.1\n\n%BACKUP%\nx\n",
      },
      purls: ["pkg:alpm/arch/gcc-libs@1:14.2.1-1?arch=x86_64&distro=arch"],
    },
  ],
};

/** "%NAME%", then its values one a line, then an empty line. */
function readSections(text: string): ReadonlyMap<string, string[]> {
  const sections = new Map<string, string[]>();
  let open: string[] | undefined;
  for (const line of text.split("\n")) {
    const value = line.trim();
    const heading = /^%([A-Z0-9]+)%$/.exec(value)?.[1];
    if (heading !== undefined) {
      open = [];
      if (!sections.has(heading)) sections.set(heading, open);
    } else if (value === "") open = undefined;
    else open?.push(value);
  }
  return sections;
}

/** The paths below %FILES%; directories end in "/". */
function ownedFiles(text: string): string[] {
  const paths = readSections(text).get("FILES") ?? [];
  return listedPaths(paths.filter((path) => !path.endsWith("/")).join("\n"));
}
