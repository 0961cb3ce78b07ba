import { detectRelease, type OsRelease } from "../advisories/index.ts";
import type { Digest, FileView, Gap, RandomAccess } from "../core/index.ts";
import { type Keeper, keptView, keptViews } from "../image/index.ts";
import {
  type Catalog,
  type Cataloger,
  type CatalogView,
  catalogFiles,
  isOsRelease,
  neverCataloged,
  type Package,
} from "../packages/index.ts";
import type { ExaminedImage } from "./examine-image.ts";

/** A package, and from which layer on it stays installed in this version. */
export interface PlacedPackage extends Package {
  /** From 0, base first. */
  readonly layerIndex?: number;
}

/** Kept answers of older versions of a cataloger are read anew when this changes. */
const catalogersVersion = 3;
const releaseKeeperId = "release/1";

/** The files that tell which distribution an image is. */
const releaseFiles =
  /^(?:etc\/(?:os-release|alpine-release|debian_version|lsb-release|[a-z]+-release|apk\/repositories|system-release-cpe)|usr\/lib\/os-release|var\/lib\/ubuntu-advantage\/status\.json|(?:root|usr\/share)\/buildinfo\/content_manifests\/[^/]+\.json)$/;

const contentManifest = /^(?:root|usr\/share)\/buildinfo\/content_manifests\/[^/]+\.json$/;

/** Names what is kept for a cataloger. */
export function keeperId({ id }: Cataloger): string {
  return `catalog/${id}/${catalogersVersion}`;
}

/** Who keeps what of an image's files so that its packages can be told from the layers' caches alone. */
export function catalogKeepers(catalogers: readonly Cataloger[]): readonly Keeper[] {
  return [
    { id: releaseKeeperId, wants: (path, { size }) => size < 1 << 20 && releaseFiles.test(path) },
    ...catalogers.map(
      (cataloger): Keeper => ({
        id: keeperId(cataloger),
        wants: (path, file) => cataloger.wants(path, file),
        ...(cataloger.anyName ? {} : { never: neverCataloged }),
        ...(cataloger.condense
          ? { condense: (path: string, file: RandomAccess) => cataloger.condense?.(path, file) }
          : {}),
      }),
    ),
  ];
}

/** Which distribution an image that was examined with `catalogKeepers` is. */
export function releaseOf(examined: ExaminedImage): OsRelease | undefined {
  return (
    examined.remember(["release"], () => {
      const kept = keptView(examined.merged, examined.scans, releaseKeeperId);
      const manifests = kept.paths.filter((path) => contentManifest.test(path)).sort();
      return (
        detectRelease(
          releaseText(examined, kept),
          manifests.map((path) => textIn(kept, path) ?? ""),
        ) ?? null
      );
    }) ?? undefined
  );
}

/** Text of a file that tells of the distribution, by its path; links are followed. */
function releaseText(examined: ExaminedImage, kept: FileView): (path: string) => string | undefined {
  return (path) => textIn(kept, examined.merged.tree.resolve(path)?.path ?? path);
}

function textIn(kept: FileView, path: string): string | undefined {
  const file = kept.open(path);
  return file && Buffer.from(file.read(0, file.size)).toString("utf8");
}

/** The packages of an image that was examined with `catalogKeepers`, with the layer each came in with. */
export function catalogImage(
  examined: ExaminedImage,
  catalogers: readonly Cataloger[],
): { readonly packages: readonly PlacedPackage[]; readonly gaps: readonly Gap[] } {
  return examined.remember(["packages", catalogers.map(keeperId)], () => readPackages(examined, catalogers));
}

function readPackages(
  { merged, scans }: ExaminedImage,
  catalogers: readonly Cataloger[],
): ReturnType<typeof catalogImage> {
  const { packages, failures, unreadable } = catalogFiles(viewOf(merged, scans, catalogers), catalogers);
  const history = new LayerHistory(scans, catalogers);
  const placed = packages.map((one): PlacedPackage => {
    const layerIndex = history.firstLayer(one) ?? merged.tree.get(one.files[0] ?? "")?.layer;
    if (layerIndex === undefined) return one;
    return { ...one, layerIndex, layer: scans[layerIndex]?.diffId as Digest };
  });
  const layerOf = (path: string): Digest | undefined => scans[merged.tree.get(path)?.layer ?? -1]?.diffId;
  const gaps = catalogGaps({ failures, unreadable }, (path) => {
    const layer = layerOf(path);
    return layer === undefined ? "" : ` in layer ${layer.slice(0, 19)}`;
  });
  return { packages: placed, gaps };
}

/**
 * What of a catalog is missing, as gaps.
 * @param place goes after the path of a damaged file: where that lies
 */
export function catalogGaps(
  { failures, unreadable }: Pick<Catalog, "failures" | "unreadable">,
  place: (path: string) => string = () => "",
): Gap[] {
  return [
    ...failures.map(({ cataloger, reason }) => ({ subject: `packages (${cataloger})`, reason })),
    ...unreadable.map(({ path, reason }) => ({
      subject: `packages of ${path}${place(path)}`,
      reason: `could not be read: ${reason}`,
    })),
  ];
}

function viewOf(
  merged: ExaminedImage["merged"],
  scans: ExaminedImage["scans"],
  catalogers: readonly Cataloger[],
): CatalogView {
  const kept = keptViews(merged, scans, catalogers.map(keeperId));
  const views = new Map<string, FileView | undefined>(
    catalogers.map((cataloger) => [cataloger.id, kept.get(keeperId(cataloger))]),
  );
  const paths = new Set<string>();
  for (const view of views.values()) for (const path of view?.paths ?? []) paths.add(path);
  const open = (cataloger: string, path: string): Uint8Array | undefined => {
    const file = views.get(cataloger)?.open(path);
    return file?.read(0, file.size);
  };
  return {
    paths: [...paths].sort(),
    stat: (path) => {
      const entry = merged.tree.get(path)?.entry;
      return entry && { size: entry.size, mode: entry.mode };
    },
    open: () => undefined,
    kept: open,
  };
}

/**
 * When packages of a database came in. A database is a file of which many layers have a copy: each copy is read as of its layer,
 * and a package came in with the first layer from which on it is in all copies. The last copy is what the container sees, which
 * has been read already: what is in none of the others came in with it.
 */
class LayerHistory {
  readonly #first = new Map<string, number>();
  /** By database, the layer that has a copy last among those of its cataloger. */
  readonly #last = new Map<string, number>();

  constructor(scans: ExaminedImage["scans"], catalogers: readonly Cataloger[]) {
    for (const cataloger of catalogers) {
      const copies = new Map<string, number>();
      const again = new Set<string>();
      scans.forEach(({ kept }, layer) => {
        for (const { keeper, path } of kept) {
          if (keeper !== keeperId(cataloger)) continue;
          if (copies.has(path)) again.add(path);
          copies.set(path, layer);
        }
      });
      if (again.size === 0) continue;
      const last = Math.max(...[...again].map((path) => copies.get(path) ?? 0));
      this.#read(cataloger, scans.slice(0, last), again);
      for (const path of again) this.#last.set(path, last);
    }
  }

  firstLayer({ purl, files }: Package): number | undefined {
    const database = files.find((file) => this.#last.has(file));
    return database === undefined ? undefined : (this.#first.get(purl) ?? this.#last.get(database));
  }

  /** By one cataloger alone: what another found is not gone because this one does not know it. */
  #read(cataloger: Cataloger, scans: ExaminedImage["scans"], databases: ReadonlySet<string>): void {
    const first = new Map<string, number>();
    const files = new Map<string, Uint8Array>();
    scans.forEach(({ kept, entries }, layer) => {
      for (const { type, path } of entries)
        if (type === "whiteout" || type === "opaque")
          for (const one of files.keys()) if (one === path || one.startsWith(`${path}/`)) files.delete(one);
      const copies = kept.filter(
        ({ keeper, path }) => keeper === keeperId(cataloger) && (databases.has(path) || isOsRelease(path)),
      );
      for (const { path, bytes } of copies) files.set(path, bytes);
      if (!copies.some(({ path }) => databases.has(path))) return;
      const here = new Set(catalogFiles(inMemory(files), [cataloger]).packages.map(({ purl }) => purl));
      for (const purl of here) if (!first.has(purl)) first.set(purl, layer);
      for (const purl of first.keys()) if (!here.has(purl)) first.delete(purl);
    });
    for (const [purl, layer] of first) this.#first.set(purl, layer);
  }
}

/** Kept contents as a tree of files: what a package is called depends on nothing else. */
function inMemory(files: ReadonlyMap<string, Uint8Array>): CatalogView {
  return {
    paths: [...files.keys()].sort(),
    stat: (path) => ({ size: files.get(path)?.length ?? 0, mode: 0o755 }),
    open: () => undefined,
    kept: (_cataloger, path) => files.get(path),
  };
}
