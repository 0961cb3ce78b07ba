import type { Digest } from "../core/index.ts";

/** A piece of software that is installed, whoever installed it. */
export interface Package {
  /** Its identity: a canonical package URL (package-url specification), with `distro`, `arch` and `epoch` where the type has them. */
  readonly purl: string;
  /** The purl's type: "deb", "apk", "rpm", "npm", "pypi", "golang", "maven", "cargo", "gem", "composer", "nuget", "conda", … */
  readonly type: string;
  /** As the ecosystem writes it: "@scope/name", "group:artifact", "github.com/owner/module". */
  readonly name: string;
  /** As the package manager orders it: with epoch and release for deb and rpm ("1:2.3-4"). */
  readonly version: string;
  /** What distribution advisories speak of (dpkg `Source`, apk origin, rpm SOURCERPM), always filled for OS packages. */
  readonly source?: { readonly name: string; readonly version: string };
  readonly arch?: string;
  /** SPDX expressions or, where it is none, the text as written. */
  readonly licenses: readonly string[];
  /** The evidence: the database, lock file, manifest or binary it was read from; the first names it best. */
  readonly files: readonly string[];
  /** Paths that an OS package lists as its own; a language package below one of them is owned by it. */
  readonly owns?: readonly string[];
  /** Names of packages of the same type it needs, as far as its evidence says. */
  readonly requires?: readonly string[];
  /** Only for development (a lock file says so). */
  readonly dev?: boolean;
  /** Who built it: dpkg Maintainer, rpm Vendor. Packages of third parties are not in the distribution's advisories. */
  readonly vendor?: string;
  /** rpm Modularitylabel ("nodejs:12:8030…"). */
  readonly modularity?: string;
  /** Bytes it says it takes when installed. */
  readonly installedBytes?: number;
  /** From which layer on it stays installed; set by whoever reads an image. */
  readonly layer?: Digest;
  /** The purl of the OS package that lists its evidence as its own; set after all catalogers have run. */
  readonly owner?: string;
}
