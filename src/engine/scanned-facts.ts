import { builtInSchemes, schemeFor, type VulnerabilityMatch } from "../advisories/index.ts";
import type { Gap } from "../core/index.ts";
import { catalogImage } from "./catalog-image.ts";
import type { ScannedFacts } from "./check-image.ts";
import type { ExaminedImage } from "./examine-image.ts";
import { scanDocument, scanImage, type ScanOptions } from "./scan.ts";
import { applyScanPolicy } from "./scan-policy/apply-scan-policy.ts";
import type { ScanPolicy } from "./scan-policy/scan-policy.ts";

/** What was found in an image's packages. */
interface ScannedPackages {
  readonly facts: ScannedFacts;
  readonly gaps: readonly Gap[];
  /** Vulnerabilities that files or VEX statements hold back. */
  readonly ignored: number;
  /** Rules that held nothing back. */
  readonly unusedIgnores: readonly string[];
}

/**
 * What image rules may know of an image's packages: what is installed, and what counts of what is known against it.
 * @param options without a store only what is installed
 */
export function scannedFacts(
  examined: ExaminedImage,
  options: Omit<ScanOptions, "store"> & Partial<Pick<ScanOptions, "store">>,
  policy: ScanPolicy,
): ScannedPackages {
  const { store } = options;
  if (!store) {
    const { packages, gaps } = catalogImage(examined, options.catalogers);
    return { facts: { packages, vulnerabilities: [] }, gaps, ignored: 0, unusedIgnores: [] };
  }
  const scan = scanImage(examined, { ...options, store });
  const { matches, suppressed, unusedIgnores, release } = applyScanPolicy(
    scanDocument(examined, scan, { ...options, store }),
    policy,
  );
  const counted = new Map(matches.map((match) => [`${match.purl}\t${match.id}`, match]));
  const left = scan.matches.filter((match) => counted.has(`${match.package.purl}\t${match.id}`));
  const fixes = fixesOf(left);
  const vulnerabilities = left.map((match) => {
    const layerIndex = counted.get(`${match.package.purl}\t${match.id}`)?.layerIndex;
    const allFixedIn = fixes.get(sourceKey(match));
    return {
      ...match,
      ...(layerIndex === undefined ? {} : { layerIndex }),
      ...(allFixedIn === undefined ? {} : { allFixedIn }),
    };
  });
  return {
    facts: { packages: scan.packages, vulnerabilities, ...(release ? { release } : {}) },
    gaps: scan.gaps.filter((gap) => !examined.gaps.includes(gap)),
    ignored: suppressed.filter(({ suppression: { reason } }) => reason === "ignored" || reason === "vex").length,
    unusedIgnores,
  };
}

/** For each source package the highest of its fixes. */
function fixesOf(matches: readonly VulnerabilityMatch[]): ReadonlyMap<string, string> {
  const highest = new Map<string, string>();
  for (const match of matches) {
    const { fixedIn } = match;
    const key = sourceKey(match);
    const before = highest.get(key);
    const scheme = schemeFor(match.because.ecosystem, builtInSchemes);
    if (fixedIn !== undefined && (before === undefined || (scheme?.compare(fixedIn, before) ?? 0) > 0))
      highest.set(key, fixedIn);
  }
  return highest;
}

function sourceKey({ package: one }: VulnerabilityMatch): string {
  const { name, version } = one.source ?? one;
  return [one.type, name, version].join("\t");
}
