import { broughtBy, commonDirectory, inImage, sayBytes, sayNames, sayPath, weighing } from "./in-image.ts";
import { assistedFix } from "./problem.ts";
import { type ClassGroup, censusOf } from "./reading/image-census.ts";
import type { ContentClass } from "./reading/content-classes.ts";
import type { Rule } from "./rule.ts";

type ImageRule = Rule<"image">;

/** What a rule about a class of files adds to what all of them share. */
interface ContentRule
  extends Pick<ImageRule, "id" | "summary" | "why" | "aliases" | "measures" | "examples" | "wants">,
    Required<Pick<ImageRule, "risk">> {
  readonly class: ContentClass;
  readonly severity: ImageRule["severity"];
  /** What the files are: "package lists of apt". */
  readonly what: string;
  /** Why a container does without them: "nothing reads them at run time". */
  readonly spare: string;
  /** The way to an image without them; a group's labels may be named in it. */
  readonly fix: (group: ClassGroup) => string;
  /** Bytes of one layer below which nothing is said; 100 kB when not given. */
  readonly least?: number;
  /** How many of a group's labels are named; three when not given. */
  readonly shownLabels?: number;
  /** Says nothing of what the base brought: no other base would be without it. */
  readonly ownOnly?: boolean;
}

/**
 * A rule about a class of files: a problem for each layer above the base that brings enough of them, and one for all that the
 * base brings, which only another base is without.
 */
export function contentRule(of: ContentRule): ImageRule {
  const { class: name, what, spare, fix, least = 100_000, shownLabels = 3, ownOnly = false, ...rule } = of;
  return {
    ...rule,
    subject: "image",
    aim: "size",
    *check(subject) {
      const { image } = subject;
      const groups = censusOf(subject).get(name) ?? [];
      for (const group of groups) {
        if (group.layer < image.weight.baseLayers || group.bytes.unpacked < least) continue;
        yield {
          message: `${where(group, shownLabels)} ${group.directories.length === 1 ? "holds" : "hold"} ${sayBytes(group.bytes)} of ${what}: ${spare}`,
          at: inImage(image, group.layer, placeOf(group)),
          ...weighing(group.bytes),
          ...broughtBy(image, [[group.layer, "brings them"]]),
          ...assistedFix(fix(group)),
        };
      }
      const base = ownOnly ? [] : groups.filter(({ layer }) => layer < image.weight.baseLayers);
      const problem = base.length === 0 ? undefined : ofTheBase(base);
      if (problem && problem.bytes.unpacked >= least)
        yield {
          message: `the base image brings ${sayBytes(problem.bytes)} of ${what}, most in /${sayPath(problem.directories[0] ?? "")}: ${spare}`,
          at: inImage(image, problem.layer, placeOf(problem)),
          severity: "info",
          ...weighing(problem.bytes),
          ...assistedFix("Choose another base: a slim variant, or one made for running alone"),
        };
    },
  };
}

/** Directories of which half an image is: they would say nothing. */
const vague = new Set(["", "usr", "usr/lib", "usr/share", "var", "var/lib", "etc", "home"]);

function where({ directories, labels }: ClassGroup, shownLabels: number): string {
  const names = labels.length > 0 ? ` (${sayNames(labels, shownLabels)})` : "";
  return `${sayNames(directories.map((path) => `/${path}`))}${names}`;
}

function placeOf({ directories }: Pick<ClassGroup, "directories">): string {
  const common = commonDirectory(directories);
  return vague.has(common) ? (directories[0] ?? "") : common;
}

function ofTheBase(groups: readonly ClassGroup[]): Pick<ClassGroup, "bytes" | "directories" | "layer"> {
  const [heaviest] = [...groups].sort((a, b) => b.bytes.unpacked - a.bytes.unpacked || a.layer - b.layer);
  return {
    layer: heaviest?.layer ?? 0,
    directories: heaviest?.directories ?? [],
    bytes: {
      unpacked: groups.reduce((sum, { bytes }) => sum + bytes.unpacked, 0),
      stored: groups.reduce((sum, { bytes }) => sum + bytes.stored, 0),
    },
  };
}
