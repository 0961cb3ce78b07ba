import type { PlanImage } from "../remedy/index.ts";
import type { ExaminedImage } from "./examine-image.ts";
import type { ImageScan } from "./scan.ts";

/** What a plan needs of an image that was examined and scanned. */
export function planImage({ image, weight, dockerfile }: ExaminedImage, scan: ImageScan): PlanImage {
  const { release, packages, matches } = scan;
  return {
    reference: image.reference,
    weight,
    packages: packages.map((one) => {
      const origin = one.layerIndex === undefined ? undefined : weight.layers[one.layerIndex]?.origin;
      return origin ? { ...one, origin } : one;
    }),
    matches: matches.map(({ id, package: { purl }, severity, fixedIn }) => ({
      id,
      purl,
      level: severity?.severity ?? "unknown",
      ...(fixedIn === undefined ? {} : { fixedIn }),
    })),
    ...(release ? { release: { family: release.family, release: release.release } } : {}),
    user: image.config.user,
    ...(dockerfile ? { dockerfile: dockerfile.source.path } : {}),
  };
}
