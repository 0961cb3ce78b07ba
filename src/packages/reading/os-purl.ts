import type { OsRelease } from "../os-release.ts";
import { formatPurl, parsePurl } from "../purl.ts";

/** What names a package of a distribution. */
export interface OsPackageName {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly arch?: string | undefined;
  readonly epoch?: string | undefined;
  /** Whose packages these are where the image does not say. */
  readonly vendor?: string;
}

/** Vendors that purls know by another name than os-release does. */
const vendors: Readonly<Record<string, string>> = {
  rhel: "redhat",
  "opensuse-leap": "opensuse",
  "opensuse-tumbleweed": "opensuse",
  sles: "suse",
};

/** The purl of a distribution's package: vendor from os-release, `distro` as "id-version" ("debian-12", "alpine-3.20.3"). */
export function osPurl(named: OsPackageName, release: OsRelease | undefined): string {
  const id = release?.id;
  const version = release?.versionId ?? release?.codename;
  return formatPurl({
    type: named.type,
    namespace: id === undefined ? named.vendor : (vendors[id] ?? id),
    name: named.name,
    version: named.version,
    qualifiers: {
      arch: named.arch,
      epoch: named.epoch,
      distro: id !== undefined && version !== undefined ? `${id}-${version}` : id,
    },
  });
}

/** The purl of a distribution's package as one of another release; others stay as they are. */
export function osPurlIn(purl: string, release: Pick<OsRelease, "id" | "versionId">): string {
  const parts = parsePurl(purl);
  if (!parts || !["apk", "deb", "rpm"].includes(parts.type)) return purl;
  const { id, versionId } = release;
  const distro = versionId === undefined ? id : `${id}-${versionId}`;
  return formatPurl({ ...parts, namespace: vendors[id] ?? id, qualifiers: { ...parts.qualifiers, distro } });
}
