import { osPurl } from "../reading/os-purl.ts";
import type { OsRelease } from "../os-release.ts";
import type { Package } from "../package.ts";

/** What any record of an rpm package says of it, in a database or in a list. */
export interface RpmFacts {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch?: number | undefined;
  readonly arch?: string | undefined;
  /** "bash-5.1.8-6.el9.src.rpm". */
  readonly sourceRpm?: string | undefined;
  readonly vendor?: string | undefined;
  readonly license?: string | undefined;
  readonly modularity?: string | undefined;
  readonly size?: number | undefined;
  readonly requires?: readonly string[] | undefined;
  readonly owns?: readonly string[] | undefined;
}

/** An rpm package by its facts: the epoch leads the version, and is told apart in the purl (purl type "rpm"). */
export function rpmPackage(facts: RpmFacts, file: string, release: OsRelease | undefined, vendor?: string): Package {
  const { name, arch, epoch, license, modularity, owns, requires, size } = facts;
  const bare = facts.release === "" ? facts.version : `${facts.version}-${facts.release}`;
  const prefix = epoch ? `${epoch}:` : "";
  const purlEpoch = epoch ? String(epoch) : undefined;
  const source = splitSource(facts.sourceRpm);
  return {
    purl: osPurl({ type: "rpm", name, version: bare, arch, epoch: purlEpoch, ...(vendor && { vendor }) }, release),
    type: "rpm",
    name,
    version: prefix + bare,
    // SOURCERPM has no epoch; a source and what is built from it share one as a rule.
    source: source ? { name: source.name, version: prefix + source.version } : { name, version: prefix + bare },
    ...(arch && { arch }),
    licenses: license ? [license] : [],
    files: [file],
    ...(owns && { owns }),
    ...(requires && requires.length > 0 && { requires }),
    ...(facts.vendor && { vendor: facts.vendor }),
    ...(modularity && { modularity }),
    ...(size !== undefined && { installedBytes: size }),
  };
}

/** "name-version-release.src.rpm": a name may hold dashes, so it is split from the right. */
function splitSource(written: string | undefined): { name: string; version: string } | undefined {
  const stem = /^(.+)\.(?:no)?src\.rpm$/s.exec(written ?? "")?.[1];
  const release = stem?.lastIndexOf("-") ?? -1;
  const version = release > 0 ? (stem?.lastIndexOf("-", release - 1) ?? -1) : -1;
  return stem && version > 0 ? { name: stem.slice(0, version), version: stem.slice(version + 1) } : undefined;
}
