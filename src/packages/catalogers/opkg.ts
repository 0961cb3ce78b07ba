import type { FileView } from "../../core/index.ts";
import type { Cataloger, TellUnreadable } from "../cataloger.ts";
import { databaseLimits } from "../limits.ts";
import { osPurl } from "../reading/os-purl.ts";
import { isOsRelease, readOsRelease } from "../os-release.ts";
import type { Package } from "../package.ts";
import { readText } from "../reading/read-file.ts";
import { listedPaths, readStanzas, relationNames, type Stanza } from "../reading/stanzas.ts";

/** Where opkg keeps its lists: the root, or wherever a destination was set up ("opt/lib/opkg"). */
const place = /^(?:[^/]+\/){0,4}lib\/opkg\//;
const fields = new Set([
  "package",
  "status",
  "version",
  "architecture",
  "depends",
  "license",
  "maintainer",
  "installed-size",
]);

/** Packages of OpenWrt and Yocto (opkg's status file; the control files where it is not there). */
export const opkg: Cataloger = {
  id: "opkg",
  summary: "OpenWrt and Yocto packages: lib/opkg/status, lib/opkg/info",
  evidence: "installed",
  wants(path) {
    const root = path.includes("lib/opkg/") ? place.exec(path)?.[0] : undefined;
    if (root === undefined) return isOsRelease(path);
    return path === `${root}status` || (path.startsWith(`${root}info/`) && /\.(?:control|list)$/.test(path));
  },
  *catalog(files, unreadable) {
    const release = readOsRelease(files);
    const seen = new Set<string>();
    for (const [root, evidence, stanza] of records(files, unreadable)) {
      const name = stanza.get("package");
      const version = stanza.get("version");
      const status = stanza.get("status");
      if (!name) unreadable(evidence, "a record in it has no name");
      else if (!version && isInstalled(status)) unreadable(evidence, "an installed package in it has no version");
      // A control file repeats what the status file says of the same package.
      if (!name || !version || seen.has(`${root} ${name}`)) continue;
      seen.add(`${root} ${name}`);
      if (seen.size > databaseLimits.packages) return;
      if (!isInstalled(status)) continue;
      const arch = stanza.get("architecture");
      const purl = osPurl({ type: "opkg", name, version, arch }, release);
      const list = `${root}info/${name}.list`;
      const owns = readText(files, list);
      const license = stanza.get("license");
      const vendor = stanza.get("maintainer");
      const requires = relationNames(stanza.get("depends") ?? "");
      const bytes = Number(stanza.get("installed-size") || Number.NaN);
      yield {
        purl,
        type: "opkg",
        name,
        version,
        source: { name, version },
        ...(arch && { arch }),
        licenses: license ? [license] : [],
        files: owns === undefined ? [evidence] : [evidence, list],
        ...(owns !== undefined && { owns: listedPaths(owns) }),
        ...(requires.length > 0 && { requires }),
        ...(vendor && { vendor }),
        ...(Number.isSafeInteger(bytes) && bytes >= 0 && { installedBytes: bytes }),
      } satisfies Package;
    }
  },
  examples: [
    {
      title: "a status file, and a control file of the same package",
      files: {
        "etc/os-release": 'ID="openwrt"\nVERSION_ID="23.05.3"\n',
        "usr/lib/opkg/status": `Package: libc
Version: 1.2.4-4
Depends: libgcc1
Status: install user installed
Architecture: x86_64
Installed-Time: 1711111111

Package: old
Version: 1
Status: deinstall ok not-installed
`,
        "usr/lib/opkg/info/libc.control": "Package: libc\nVersion: 1.2.4-4\nArchitecture: x86_64\n",
        "usr/lib/opkg/info/libc.list": "/lib/ld-musl-x86_64.so.1\n/lib/libc.so\n",
      },
      purls: ["pkg:opkg/openwrt/libc@1.2.4-4?arch=x86_64&distro=openwrt-23.05.3"],
    },
    {
      title: "control files alone",
      files: { "var/lib/opkg/info/busybox.control": "Package: busybox\nVersion: 1.36.1-r0\nLicense: GPL-2.0-only\n" },
      purls: ["pkg:opkg/busybox@1.36.1-r0"],
    },
  ],
};

/** The third word of `Status`; control files have none. */
function isInstalled(status: string | undefined): boolean {
  return status === undefined || status.split(/\s+/)[2] === "installed";
}

/** Every record with its place and file; what the status files say comes first. */
function* records(
  files: FileView,
  unreadable: TellUnreadable,
): Generator<[root: string, evidence: string, stanza: Stanza]> {
  for (const suffix of ["status", ".control"]) {
    for (const path of files.paths) {
      const root = path.endsWith(suffix) ? place.exec(path)?.[0] : undefined;
      if (root === undefined || (suffix === "status" && path !== `${root}status`)) continue;
      for (const stanza of readStanzas(readText(files, path) ?? "", fields, (reason) => unreadable(path, reason)))
        yield [root, path, stanza];
    }
  }
}
