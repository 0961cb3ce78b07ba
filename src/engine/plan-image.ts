import type { PlanImage } from "../remedy/index.ts";
import { releaseOf } from "./catalog-image.ts";
import type { ScannedFacts } from "./check-image.ts";
import type { ExaminedImage } from "./examine-image.ts";

/** What a plan needs of an image that was examined and scanned. */
export function planImage(examined: ExaminedImage, { packages, vulnerabilities }: ScannedFacts): PlanImage {
  const { image, weight, dockerfile } = examined;
  const release = releaseOf(examined);
  const layers = new Map(weight.layers.map(({ diffId }, index) => [diffId, index]));
  return {
    reference: image.reference,
    weight,
    packages: packages.map((one) => {
      const layerIndex = one.layer === undefined ? undefined : layers.get(one.layer);
      const origin = layerIndex === undefined ? undefined : weight.layers[layerIndex]?.origin;
      return { ...one, ...(layerIndex === undefined ? {} : { layerIndex }), ...(origin ? { origin } : {}) };
    }),
    matches: vulnerabilities.map(({ id, package: { purl }, severity, fixedIn }) => ({
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
