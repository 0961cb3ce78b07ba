import type { FileView } from "../../core/index.ts";
import type { Cataloger, TellUnreadable } from "../cataloger.ts";
import { copyrightLicenses } from "../reading/debian-copyright.ts";
import { databaseLimits } from "../limits.ts";
import { osPurl } from "../reading/os-purl.ts";
import { isOsRelease, readOsRelease } from "../os-release.ts";
import type { Package } from "../package.ts";
import { readText } from "../reading/read-file.ts";
import { barePath, listedPaths, readStanzas, relationNames, type Stanza } from "../reading/stanzas.ts";

const root = "var/lib/dpkg/";
const statusFile = `${root}status`;
const statusDirectory = `${root}status.d/`;
const documents = "usr/share/doc/";
const longestCopyright = 4 << 20;
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const fields = new Set([
  "package",
  "status",
  "version",
  "architecture",
  "source",
  "maintainer",
  "installed-size",
  "pre-depends",
  "depends",
]);

/**
 * Debian packages (deb-control(5), dpkg's status file). Distroless images have one record a file in status.d, without
 * `Status`, and their lists of files beside them as NAME.md5sums.
 */
export const dpkg: Cataloger = {
  id: "dpkg",
  summary: "Debian packages: var/lib/dpkg/status, status.d, info; licences from usr/share/doc/*/copyright",
  evidence: "installed",
  anyName: true,
  wants(path) {
    if (!path.startsWith(root)) return isOsRelease(path) || isCopyright(path);
    if (path === statusFile || path.startsWith(statusDirectory)) return true;
    return path.startsWith(`${root}info/`) && (path.endsWith(".list") || path.endsWith(".md5sums"));
  },
  // Of a copyright file only the names of its licences are kept, one a line.
  condense(path, file) {
    if (!isCopyright(path)) return file.size <= databaseLimits.fileBytes ? file.read(0, file.size) : undefined;
    const text = decoder.decode(file.read(0, Math.min(file.size, longestCopyright)));
    return encoder.encode(copyrightLicenses(text).join("\n"));
  },
  *catalog(files, unreadable) {
    const release = readOsRelease(files);
    const seen = new Set<string>();
    const named = new Set<string>();
    let ownedPaths = 0;
    for (const [evidence, stanza] of records(files, unreadable)) {
      const name = stanza.get("package");
      const version = stanza.get("version");
      if (name) named.add(name);
      if (!name) unreadable(evidence, "a record in it has no name");
      else if (!version && isInstalled(stanza)) unreadable(evidence, "an installed package in it has no version");
      if (!name || !version || !isInstalled(stanza)) continue;
      const arch = stanza.get("architecture");
      const purl = osPurl({ type: "deb", name, version, arch, vendor: "debian" }, release);
      if (seen.has(purl)) continue;
      seen.add(purl);
      if (seen.size > databaseLimits.packages) return;
      const listed = ownedPaths < databaseLimits.ownedPaths ? ownedBy(files, evidence, name, arch) : undefined;
      ownedPaths += listed?.paths.length ?? 0;
      const requires = relationNames(`${stanza.get("pre-depends") ?? ""},${stanza.get("depends") ?? ""}`);
      const vendor = stanza.get("maintainer");
      const kibibytes = Number(stanza.get("installed-size") || Number.NaN);
      yield {
        purl,
        type: "deb",
        name,
        version,
        source: sourceOf(stanza.get("source"), name, version),
        ...(arch && { arch }),
        licenses: readText(files, `${documents}${name}/copyright`)?.split("\n").filter(Boolean) ?? [],
        files: listed ? [evidence, listed.list] : [evidence],
        ...(listed && { owns: listed.paths }),
        ...(requires.length > 0 && { requires }),
        ...(vendor && { vendor }),
        ...(Number.isSafeInteger(kibibytes) && kibibytes >= 0 && { installedBytes: kibibytes * 1024 }),
      } satisfies Package;
    }
    const lost = listedIn(files).filter((name) => !named.has(name));
    if (lost.length > 0) unreadable(statusFile, withoutRecord(lost));
  },
  examples: [
    {
      title: "a source with another name and another version, a package that was removed",
      files: {
        "etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
        "var/lib/dpkg/status": `Package: bsdutils
Essential: yes
Status: install ok installed
Installed-Size: 364
Maintainer: util-linux packagers <util-linux@packages.debian.org>
Architecture: amd64
Source: util-linux (2.38.1-5+deb12u3)
Version: 1:2.38.1-5+deb12u3
Pre-Depends: libc6 (>= 2.34)
Description: basic utilities from 4.4BSD-Lite
 Package: of-a-description
 .
 More.

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0-1
`,
        "var/lib/dpkg/info/bsdutils.list": "/.\n/usr\n/usr/bin\n/usr/bin/logger\n",
        "usr/share/doc/bsdutils/copyright":
          "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nLicense: GPL-2+\n",
      },
      purls: ["pkg:deb/debian/bsdutils@1:2.38.1-5%2Bdeb12u3?arch=amd64&distro=debian-12"],
    },
    {
      title: "a distroless image, where a package may be in both places",
      files: {
        "usr/lib/os-release": "ID=debian\nVERSION_ID=12\n",
        "var/lib/dpkg/status": "",
        "var/lib/dpkg/status.d/tzdata": "Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all\n",
        "var/lib/dpkg/status.d/tzdata.md5sums": "d41d8cd98f00b204e9800998ecf8427e  usr/share/zoneinfo/UTC\n",
        "var/lib/dpkg/status.d/again": "Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all\n",
      },
      purls: ["pkg:deb/debian/tzdata@2024a-0%2Bdeb12u1?arch=all&distro=debian-12"],
    },
    {
      title: "a status file that was cut off: the package with the last list of files is no longer in it",
      files: {
        "var/lib/dpkg/status": "Package: zlib1g\nStatus: install ok installed\nVersion: 1:1.2.13.dfsg-1\n\n",
        "var/lib/dpkg/info/zlib1g:amd64.list": "/.\n/usr/lib/libz.so.1\n",
        "var/lib/dpkg/info/zstd.list": "/.\n/usr/bin/zstd\n",
      },
      purls: ["pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1"],
      unreadable: ["var/lib/dpkg/status"],
    },
    {
      title: "an image that does not say which distribution it is",
      files: {
        "var/lib/dpkg/status": "Package: libstdc++6\nStatus: hold ok installed\nSource: gcc-12\nVersion: 12.2.0-14\n",
      },
      purls: ["pkg:deb/debian/libstdc%2B%2B6@12.2.0-14"],
    },
  ],
};

function isCopyright(path: string): boolean {
  return path.startsWith(documents) && path.endsWith("/copyright") && path.split("/", 6).length === 5;
}

/** Every record with the file it is from: the status file's first, so that its lists are found. */
function* records(files: FileView, unreadable: TellUnreadable): Generator<[string, Stanza]> {
  const read = (path: string, text: string) => readStanzas(text, fields, (reason) => unreadable(path, reason));
  const status = readText(files, statusFile) ?? "";
  // dpkg itself refuses such a file.
  if (status !== "" && !status.endsWith("\n")) unreadable(statusFile, "it ends in the middle of a line");
  for (const stanza of read(statusFile, status)) yield [statusFile, stanza];
  for (const path of files.paths) {
    if (!path.startsWith(statusDirectory) || path.endsWith(".md5sums")) continue;
    for (const stanza of read(path, readText(files, path) ?? "")) yield [path, stanza];
  }
}

/** Packages whose lists of files dpkg keeps: each has a record in the status file, also when it is being removed. */
function listedIn(files: FileView): string[] {
  return files.paths.flatMap((path) => /^var\/lib\/dpkg\/info\/([^/:]+)(?::[^/:]+)?\.list$/.exec(path)?.[1] ?? []);
}

function withoutRecord(names: readonly string[]): string {
  const some = [...new Set(names)].sort();
  const shown = some.slice(0, 3).join(", ");
  return `it has no record of ${shown}${some.length > 3 ? ` and ${some.length - 3} more` : ""}, whose lists of files are there`;
}

/** The third word of `Status`; the records of status.d have none and are all installed. */
function isInstalled(stanza: Stanza): boolean {
  const status = stanza.get("status");
  return status === undefined || status.split(/\s+/)[2] === "installed";
}

/** `Source: name (version)`; what is left out is the binary package's (deb-src-control(5)). */
function sourceOf(field: string | undefined, name: string, version: string): { name: string; version: string } {
  const match = /^([^\s(]+)\s*(?:\(([^\s)]+)\))?/.exec(field ?? "");
  return { name: match?.[1] ?? name, version: match?.[2] ?? version };
}

function ownedBy(
  files: FileView,
  evidence: string,
  name: string,
  arch: string | undefined,
): { list: string; paths: string[] } | undefined {
  const bases =
    evidence === statusFile
      ? [`${root}info/${name}:${arch}`, `${root}info/${name}`]
      : [evidence, statusDirectory + name];
  for (const base of bases) {
    const list = readText(files, `${base}.list`);
    if (list !== undefined) return { list: `${base}.list`, paths: listedPaths(list) };
    const sums = readText(files, `${base}.md5sums`);
    if (sums !== undefined) return { list: `${base}.md5sums`, paths: summedPaths(sums) };
  }
  return undefined;
}

/** The paths of md5sum(1) lines. */
function summedPaths(text: string): string[] {
  const paths: string[] = [];
  for (const line of text.split("\n")) {
    const path = line.charCodeAt(32) === 32 ? barePath(line.slice(34)) : "";
    if (path !== "") paths.push(path);
  }
  return paths;
}
