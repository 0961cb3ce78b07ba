import type { OpenAdvisory, ProvedImage, ProvedPackage } from "./side.ts";

const ofDistribution = /^pkg:(?:deb|apk|rpm|alpm|opkg)\//;

/**
 * Whether another base explains that a package came or went: it lies in the base's layers, or the base is another release of a
 * distribution and the package is one of that distribution's, which the same step now installs by other names.
 */
export function explainedByBase(
  { purl, fromBase }: ProvedPackage | OpenAdvisory,
  before: ProvedImage,
  after: ProvedImage,
): boolean {
  return fromBase === true || (ofDistribution.test(purl) && before.release !== after.release);
}
