import type { OpenAdvisory, ProvedImage, ProvedPackage } from "./side.ts";

const ofDistribution = /^pkg:(?:deb|apk|rpm|alpm|opkg)\//;

/** Whether a package is the base's, or the distribution's and so at home in it. */
export function isOfBase({ purl, fromBase }: ProvedPackage | OpenAdvisory): boolean {
  return fromBase === true || ofDistribution.test(purl);
}

/**
 * Whether another base explains that a package came: it lies in the base's layers, or the base is another release of a
 * distribution and the package is one of that distribution's, which the same step now installs by other names.
 */
export function explainedByBase(one: ProvedPackage | OpenAdvisory, before: ProvedImage, after: ProvedImage): boolean {
  return one.fromBase === true || (isOfBase(one) && before.release !== after.release);
}
