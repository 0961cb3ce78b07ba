import {
  type AdvisoryStore,
  builtInSchemes,
  type ChosenStore,
  endOfLifeOf,
  isPastEnd,
  matchPackages,
  type MatchOptions,
  type MatchResult,
  type OsRelease,
  storeAge,
  type VulnerabilityMatch,
} from "../advisories/index.ts";
import type { Gap } from "../core/index.ts";
import { formatPlatform } from "../image/index.ts";
import type { Cataloger, Package } from "../packages/index.ts";
import type {
  BillSubject,
  ScanDocument,
  ScannedMatch,
  ScannedPackage,
  ScannedRelease,
  ScanTarget,
  SuppressedMatch,
} from "../report/index.ts";
import type { Origin } from "../weight/index.ts";
import { catalogImage, keeperId, type PlacedPackage, releaseOf } from "./catalog-image.ts";
import { countMatches, levels } from "./count-matches.ts";
import type { ExaminedImage } from "./examine-image.ts";
import { ofRelease, releaseNamed } from "./release-named.ts";

export interface ScanOptions extends MatchOptions {
  readonly catalogers: readonly Cataloger[];
  readonly store: Pick<ChosenStore, "store" | "kind">;
  /** YYYY-MM-DD. */
  readonly today: string;
  readonly version: string;
  /** "debian/12": takes the place of what the image says of its distribution. */
  readonly distro?: string;
  /** The packages that will be told of: what the store lacks for others is no gap. All unless said. */
  readonly keeps?: (one: Package) => boolean;
}

/** Everything that is installed in an image and what is known against it; nothing of it is left out or gated yet. */
export interface ImageScan {
  readonly packages: readonly PlacedPackage[];
  readonly release?: OsRelease;
  readonly matches: readonly VulnerabilityMatch[];
  readonly suppressed: readonly VulnerabilityMatch[];
  readonly gaps: readonly Gap[];
}

type Remember = <T>(question: readonly unknown[], work: () => T) => T;

/** Steps 7 and 8 of the design: what is installed, and which advisories speak of it. */
export function scanImage(examined: ExaminedImage, options: ScanOptions): ImageScan {
  const { packages, gaps } = catalogImage(examined, options.catalogers);
  return matchInstalled(packages, releaseOf(examined), [...examined.gaps, ...gaps], options, (question, work) =>
    examined.remember(question, work),
  );
}

/**
 * What is known against packages, wherever they were told of; what was not examined of them stays said.
 * @param remember keeps what was answered the last time
 */
export function matchInstalled(
  told: readonly PlacedPackage[],
  detected: OsRelease | undefined,
  gaps: readonly Gap[],
  options: ScanOptions,
  remember: Remember = (_, work) => work(),
): ImageScan {
  const release = options.distro === undefined ? detected : releaseNamed(options.distro);
  const packages = options.distro === undefined || !release ? told : ofRelease(told, release);
  const { keeps } = options;
  const found = matchesOf(packages, release, options, remember);
  // Packages that are not told of are matched all the same: what the distribution says of those it owns depends on them.
  const lacking = keeps
    ? matchPackages(packages.filter(keeps), release, options.store.store, builtInSchemes, options).gaps
    : found.gaps;
  const notes = (release?.notes ?? []).map((reason) => ({ subject: "distribution", reason }));
  const all = new Map([...gaps, ...notes, ...lacking].map((gap) => [`${gap.subject}\n${gap.reason}`, gap]));
  return {
    packages,
    ...(release ? { release } : {}),
    matches: found.matches,
    suppressed: found.suppressed,
    gaps: [...all.values()],
  };
}

/** What a store says of packages; what it said the last time is known. */
function matchesOf(
  packages: readonly PlacedPackage[],
  release: OsRelease | undefined,
  { catalogers, store: { store }, today, severitySources }: ScanOptions,
  remember: Remember,
): Pick<MatchResult, "matches" | "suppressed" | "gaps"> {
  const question = ["matches", catalogers.map(keeperId), release, store.info.revision, today, severitySources];
  const places = new Map<unknown, number>(packages.map((one, index) => [one, index]));
  const placed = ({ package: one, ...match }: VulnerabilityMatch) => ({ ...match, at: places.get(one) ?? 0 });
  const found = remember(question, () => {
    const { matches, suppressed, gaps } = matchPackages(packages, release, store, builtInSchemes, {
      ...(today === undefined ? {} : { today }),
      ...(severitySources ? { severitySources } : {}),
    });
    return { matches: matches.map(placed), suppressed: suppressed.map(placed), gaps };
  });
  const whole = ({ at, ...match }: (typeof found.matches)[number]): VulnerabilityMatch => ({
    ...match,
    package: packages[at] as Package,
  });
  return { matches: found.matches.map(whole), suppressed: found.suppressed.map(whole), gaps: found.gaps };
}

/** The scan as one value, with where each package came in. */
export function scanDocument(examined: ExaminedImage, scan: ImageScan, options: ScanOptions): ScanDocument {
  return documentOf(subjectOf(examined), scan, options);
}

/** What was scanned: its name, and where each of its layers came from. */
export interface ScanSubject {
  readonly target: ScanTarget;
  /** One a layer, base first. */
  readonly origins: readonly (Origin | undefined)[];
}

function subjectOf({ image, weight }: Pick<ExaminedImage, "image" | "weight">): ScanSubject {
  const { created } = image.config;
  return {
    target: {
      kind: "image",
      reference: image.reference,
      digest: image.digest,
      platform: formatPlatform(image.platform),
      ...(created === undefined ? {} : { created }),
      layers: image.layers.map(({ diffId }) => diffId),
    },
    origins: weight.layers.map(({ origin }) => origin),
  };
}

/** The scan of anything that has packages as one value. */
export function documentOf({ target, origins }: ScanSubject, scan: ImageScan, options: ScanOptions): ScanDocument {
  const originOf = (layerIndex: number | undefined): Origin | undefined =>
    layerIndex === undefined ? undefined : origins[layerIndex];
  const placed = new Map(scan.packages.map((one) => [one.purl, one.layerIndex]));
  const matches = scan.matches.map((match) => scannedMatch(match, placed, originOf)).sort(byWorst);
  return {
    schemaVersion: 1,
    tool: { name: "plimsoll", version: options.version },
    target,
    ...(scan.release ? { release: scannedRelease(scan.release, options.today) } : {}),
    store: storeFacts(options.store, options.today),
    packages: scan.packages.map((one) => scannedPackage(one, originOf)),
    matches,
    suppressed: scan.suppressed.map((match): SuppressedMatch => {
      const { reason, by } = match.suppressed ?? { reason: "owned", by: "" };
      return { ...scannedMatch(match, placed, originOf), suppression: { reason, by } };
    }),
    counts: countMatches(matches),
    verdict: scan.gaps.length > 0 ? "incomplete" : "pass",
    gaps: scan.gaps,
    unusedIgnores: [],
  };
}

/** What is installed in an image, for a bill of materials: no advisories are asked. */
export function billOf(
  examined: ExaminedImage,
  options: Pick<ScanOptions, "catalogers" | "today" | "version">,
): BillSubject {
  const { packages, gaps } = catalogImage(examined, options.catalogers);
  const release = releaseOf(examined);
  const { target, origins } = subjectOf(examined);
  const notes = (release?.notes ?? []).map((reason) => ({ subject: "distribution", reason }));
  return {
    tool: { name: "plimsoll", version: options.version },
    target,
    ...(release ? { release: scannedRelease(release, options.today) } : {}),
    packages: packages.map((one) => scannedPackage(one, (layer) => (layer === undefined ? undefined : origins[layer]))),
    gaps: [...examined.gaps, ...gaps, ...notes],
  };
}

function storeFacts(
  { store, kind }: { readonly store: AdvisoryStore; readonly kind: ChosenStore["kind"] },
  today: string,
) {
  const { revision, asOf } = store.info;
  return { revision, asOf, ageDays: storeAge(asOf, today), kind };
}

function scannedPackage(
  one: PlacedPackage,
  originOf: (layer: number | undefined) => Origin | undefined,
): ScannedPackage {
  const { owns: _owns, ...rest } = one;
  const origin = originOf(one.layerIndex);
  return origin ? { ...rest, origin } : rest;
}

function scannedMatch(
  { package: one, suppressed: _suppressed, ...match }: VulnerabilityMatch,
  placed: ReadonlyMap<string, number | undefined>,
  originOf: (layer: number | undefined) => Origin | undefined,
): ScannedMatch {
  const layerIndex = placed.get(one.purl);
  const origin = originOf(layerIndex);
  return {
    ...match,
    purl: one.purl,
    name: one.name,
    version: one.version,
    level: match.severity?.severity ?? "unknown",
    ...(layerIndex === undefined ? {} : { layerIndex }),
    ...(origin ? { origin } : {}),
  };
}

function scannedRelease(
  { family, name, release, id, version, codename, ecosystems }: OsRelease,
  today: string,
): ScannedRelease {
  const end = endOfLifeOf(family, release);
  return {
    family,
    name,
    release,
    id,
    version,
    ...(codename === undefined ? {} : { codename }),
    ecosystems,
    ...(end ? { endOfLife: end.until } : {}),
    pastEnd: end !== undefined && isPastEnd(end, today),
  };
}

function byWorst(a: ScannedMatch, b: ScannedMatch): number {
  return (
    levels.indexOf(a.level) - levels.indexOf(b.level) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
    (a.purl < b.purl ? -1 : a.purl > b.purl ? 1 : 0) ||
    (a.id < b.id ? -1 : 1)
  );
}
