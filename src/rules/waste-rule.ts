import type { Waste } from "../weight/index.ts";
import { broughtBy, commonDirectory, inImage, isBaseLayer, sayBytes, sayNames, weighing } from "./in-image.ts";
import { assistedFix } from "./problem.ts";
import { isPackageDatabase } from "./reading/content-classes.ts";
import type { ImageFacts, Rule } from "./rule.ts";

type ImageRule = Rule<"image">;

interface WasteRule
  extends Pick<ImageRule, "id" | "severity" | "summary" | "why" | "aliases" | "measures" | "examples"> {
  readonly cause: Waste["cause"];
  /** What a layer does that brings such bytes, and one that hides them: "brings them", "deletes them". */
  readonly brings: string;
  readonly hides: string;
  /** What became of them, after "3 files, 5 MB (2 MB compressed), ": "are deleted by a later layer and stay in the image". */
  readonly fate: string;
  readonly fix: string;
  /** The fix where the first version is the base's; `fix` when not given. */
  readonly baseFix?: string;
  /** Whether the hiding layer holds a copy, which it could do without even where the first is the base's. */
  readonly copies: boolean;
}

/** Less than this in one pair of layers is not worth a line. */
const least = 100_000;

/** A rule about bytes that no container can see, for one cause: a problem for each pair of layers that brings and hides them. */
export function wasteRule(of: WasteRule): ImageRule {
  const { cause, brings, hides, fate, fix, baseFix = fix, copies, ...rule } = of;
  return {
    ...rule,
    subject: "image",
    aim: "size",
    *check({ image }) {
      for (const waste of image.weight.waste) {
        if (waste.cause !== cause || waste.bytes.unpacked < least) continue;
        const { layer, by, bytes, files } = waste;
        const fromBase = isBaseLayer(image, layer);
        if (isBaseLayer(image, by)) continue;
        const paths = waste.paths.map(({ path }) => path).filter((path) => !isPackageDatabase(path));
        const names =
          paths.length === 0 ? "the databases of package managers" : sayNames(paths.map((path) => `/${path}`));
        const lost = fromBase && (!copies || upgrades(image, by));
        yield {
          message: `${files} file${files === 1 ? "" : "s"}${fromBase ? " of the base" : ""}, ${sayBytes(bytes)}, ${fate}: ${names}`,
          at: inImage(image, fromBase ? by : layer, placeOf(paths)),
          ...(lost ? { severity: "info" } : weighing(bytes)),
          ...broughtBy(
            image,
            layer === by
              ? [[by, brings]]
              : [
                  [layer, brings],
                  [by, hides],
                ],
          ),
          ...assistedFix(
            lost
              ? "Choose a base without them: what a base brings, no later layer takes away"
              : fromBase
                ? baseFix
                : fix,
          ),
        };
      }
    },
  };
}

const manager = /\b(?:apt|apt-get|apk|dnf|microdnf|tdnf|yum|zypper)\s[^&|;]*\b(?:install|add|upgrade|update)\b/;

/** Whether the layer's instruction has a package manager write the base's files anew and changes none of them itself. */
function upgrades({ weight }: ImageFacts, layer: number): boolean {
  const origin = weight.layers[layer]?.origin;
  return (
    origin?.kind === "instruction" && manager.test(origin.text) && !/\bch(?:own|mod|grp)\b|\btouch\b/.test(origin.text)
  );
}

/** One file, or the directory that all that are named lie in. */
function placeOf(paths: readonly string[]): string {
  const [first = ""] = paths;
  if (paths.length < 2) return first;
  return commonDirectory(paths.map((path) => path.slice(0, Math.max(0, path.lastIndexOf("/"))))) || first;
}
