import type { FileView, RandomAccess } from "../core/index.ts";
import type { Cataloger } from "./cataloger.ts";
import type { Package } from "./package.ts";

/** A tree of files as catalogers ask for it: a directory, or the merged layers of an image. */
export interface CatalogView {
  /** Regular files, sorted by code unit; no leading slash. */
  readonly paths: readonly string[];
  /** Bytes and permission bits. */
  stat(path: string): { readonly size: number; readonly mode: number } | undefined;
  open(path: string): RandomAccess | undefined;
  /**
   * What was kept of a file for a cataloger when its layer was read: condensed or whole. Where a view has this, catalogers
   * read nothing else; where it has not, they read the files and what they would keep of them is made on the spot.
   */
  kept?(cataloger: string, path: string): Uint8Array | undefined;
}

/** What is installed, and whose reading went wrong. */
export interface Catalog {
  /** Sorted by purl; one each. */
  readonly packages: readonly Package[];
  readonly failures: readonly CatalogFailure[];
  /** Databases, lock files and manifests that are damaged, by path; what could be read of them is among the packages. */
  readonly unreadable: readonly UnreadableFile[];
}

export interface UnreadableFile {
  readonly cataloger: string;
  readonly path: string;
  /** What goes after "it could not be read: ". */
  readonly reason: string;
}

/** A part of a catalog that is missing. */
export interface CatalogFailure {
  readonly cataloger: string;
  readonly reason: string;
}

/**
 * Runs all catalogers over a tree. One that throws costs its own packages, not those of others. Packages with one purl
 * become one with the evidence of all; a package whose first evidence is a file that an OS package lists as its own is
 * marked as owned by it.
 */
export function catalogFiles(view: CatalogView, catalogers: readonly Cataloger[]): Catalog {
  const found = new Map<string, Package>();
  const failures: CatalogFailure[] = [];
  const unreadable: UnreadableFile[] = [];
  for (const cataloger of catalogers) {
    const told = new Set<string>();
    const tell = (path: string, reason: string): void => {
      if (!told.has(path) && told.size < mostTold) unreadable.push({ cataloger: cataloger.id, path, reason });
      told.add(path);
    };
    try {
      for (const one of cataloger.catalog(wantedFiles(view, cataloger), tell)) {
        const before = found.get(one.purl);
        found.set(one.purl, before ? joinEvidence(before, one) : one);
      }
    } catch (error) {
      failures.push({ cataloger: cataloger.id, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const packages = withOwners([...found.values()]);
  return { packages: packages.sort((a, b) => (a.purl < b.purl ? -1 : a.purl > b.purl ? 1 : 0)), failures, unreadable };
}

/** Damaged files that one cataloger may tell of: a hostile image has any number of them. */
const mostTold = 100;

/** The files a cataloger asked for, as it wants to read them. */
function wantedFiles(view: CatalogView, cataloger: Cataloger): FileView {
  const paths = view.paths.filter((path) => {
    if (view.kept && view.kept(cataloger.id, path) === undefined) return false;
    // Asked again: a file that was kept under one name may be seen under another.
    const file = view.stat(path);
    return file !== undefined && cataloger.wants(path, file);
  });
  const wanted = new Set(paths);
  return {
    paths,
    open(path) {
      if (!wanted.has(path)) return undefined;
      if (view.kept) return inMemory(view.kept(cataloger.id, path));
      const file = view.open(path);
      return file && cataloger.condense ? inMemory(cataloger.condense(path, file)) : file;
    },
  };
}

function inMemory(bytes: Uint8Array | undefined): RandomAccess | undefined {
  return bytes && { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Evidence of both, the first's first; everything else as the first says. */
function joinEvidence(first: Package, second: Package): Package {
  const files = [...new Set([...first.files, ...second.files])];
  return files.length === first.files.length ? first : { ...first, files };
}

/** Marks packages whose evidence lies among the files of an OS package. */
function withOwners(packages: readonly Package[]): Package[] {
  const evidence = new Set<string>();
  for (const { files, owns } of packages) if (!owns) for (const file of files) evidence.add(mergedPath(file));
  if (evidence.size === 0) return [...packages];
  const owners = new Map<string, string>();
  for (const { owns, purl } of packages) {
    for (const path of owns ?? []) {
      const merged = mergedPath(path);
      if (evidence.has(merged) && !owners.has(merged)) owners.set(merged, purl);
    }
  }
  return packages.map((one) => {
    if (one.owns || one.owner !== undefined) return one;
    const owner = one.files.map((file) => owners.get(mergedPath(file))).find((purl) => purl !== undefined);
    return owner === undefined ? one : { ...one, owner };
  });
}

/**
 * A path where usr-merged systems have it: packages list /lib/x and /bin/y while the files lie below /usr
 * (https://www.freedesktop.org/wiki/Software/systemd/TheCaseForTheUsrMerge/).
 */
function mergedPath(path: string): string {
  return /^(?:bin|sbin|lib|lib32|lib64|libx32)\//.test(path) ? `usr/${path}` : path;
}
